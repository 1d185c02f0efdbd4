namespace TaalasSim.Runtime.Card.Link;

/// <summary>
/// Simulated time, in ns, and what will happen in it. Events at one instant run in the order in which they were scheduled, so a run depends
/// on nothing but its inputs. Only the host side moves the clock; events schedule further events.
/// </summary>
public sealed class SimulatedClock
{
    private readonly PriorityQueue<Action, (long Time, long Order)> _events = new();
    private long _order;

    /// <summary>Nanoseconds since power-on.</summary>
    public long Now { get; private set; }

    /// <summary>Runs <paramref name="action"/> at <paramref name="time"/>, or at once when that has passed.</summary>
    public void At(long time, Action action) => _events.Enqueue(action, (Math.Max(time, Now), _order++));

    /// <summary>Runs the earliest event if it is due by <paramref name="until"/> and moves the clock to it; otherwise does
    /// nothing.</summary>
    public bool RunNext(long until)
    {
        if (!_events.TryPeek(out var action, out var key) || key.Time > until)
            return false;
        _events.Dequeue();
        Now = Math.Max(Now, key.Time);
        action();
        return true;
    }

    /// <summary>Runs every event due by <paramref name="time"/> and moves the clock there.</summary>
    public void AdvanceTo(long time)
    {
        while (RunNext(time)) { }
        Now = Math.Max(Now, time);
    }
}
