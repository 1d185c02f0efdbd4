using TaalasSim.ChipModel.Timing;

namespace TaalasSim.Runtime.Engine;

/// <summary>The initiation interval that firmware reads from the modulo schedule for the load on the chip.</summary>
internal sealed class InitiationIntervals(TokenSchedule schedule)
{
    private readonly Dictionary<(int Users, int Positions), long> _known = [];
    private int _active;
    private int _streaming;
    private double _stretch = 1;

    /// <summary>A request has arrived.</summary>
    public void Arrive(in Request request)
    {
        _active++;
        if (request.PromptTokens <= 1)
            return;
        _streaming++;
        _stretch = schedule.Timetable.Stream(request.PromptTokens, request.StartingContext).Factor;
        _known.Clear();
    }

    /// <summary>The last token of a prompt has left the chip.</summary>
    public void EndPrompt() => _streaming--;

    /// <summary>A request has all its answer tokens.</summary>
    public void EndRequest() => _active--;

    /// <summary>Cycles between a token at a position and the one before it in every stage; 0 for a user who is alone.</summary>
    public long At(int position)
    {
        if (_active == 1 && _streaming == 0)
            return 0;
        var positions = position + 1;
        var users = _streaming > 0 ? -Math.Min(_active, 2) : _active;
        if (!_known.TryGetValue((users, positions), out var interval))
            _known.Add((users, positions), interval = Find(positions));
        return interval;
    }

    private long Find(int positions)
    {
        if (_streaming == 0)
            return schedule.Timetable.InitiationInterval(_active, positions);
        var busiest = ClosedFormLatency.IntervalCycles(schedule, positions, withOutput: _active > 1);
        return (long)Math.Ceiling(busiest * (_active > 1 ? 1 : _stretch));
    }
}
