using TaalasSim.ChipModel.Timing;

namespace TaalasSim.Runtime.Engine;

/// <summary>Bank granularity: what one resource stands for is played piece by piece, and the phase ends with its last piece.</summary>
internal sealed class BankPieces(BankGranularity grain, FlatSchedule flat, TokenTable tokens, EventWheel events, PhaseEnds ends)
{
    private readonly long[] _freeAt = new long[grain.Banks];

    /// <summary>Plays the pieces of a resource that serves one phase alone; false when it has none.</summary>
    /// <remarks>Banks: the broadcast reaches each of them its hops later. Trees: banks hand their sums on level by level; each output
    /// segment then sends its sums back.</remarks>
    public bool Spread(int node, int resource, long start, long cycles, int phase)
    {
        var unit = flat.Resources[resource].Unit;
        if (unit is not (FabricUnit.Bank or FabricUnit.Reduction))
            return false;
        var s = tokens;
        ref readonly var port = ref grain.Port(flat.Resources[resource].Index);
        if (start + cycles > Math.Max(s.Expected[node], s.End[node]))
            (s.Expected[node], s.Worked[node], s.Binding[node]) = (start + cycles, cycles, (byte)unit);
        if (unit == FabricUnit.Bank)
        {
            // A row of the embedding lies in one output segment.
            var banks = phase < flat.StageBegin[1] && flat.Source.Stages[0].Layer < 0 ? port.InputSegments : port.Banks;
            s.Unserved[node] += banks;
            s.Rows[node] = (int)cycles;
            for (var b = port.FirstBank + port.Banks - banks; b < port.FirstBank + port.Banks; b++)
                events.Push(start + grain.Way[b], EventCode.Of(EventKind.BankIn, b), node);
            return true;
        }

        s.Unserved[node] += port.Banks;
        for (var o = 0; o < port.OutputSegments; o++)
        {
            for (var i = 1; i < port.InputSegments; i++)
                PushPiece(start + ((BankGranularity.PortPieces.LevelOf(i) + 1) * port.LevelCycles), node);
            PushPiece(start + (port.Levels * port.LevelCycles) + cycles + port.Way, node);
        }

        return true;
    }

    /// <summary>Plays the pieces of a resource that several phases share and that has served a node.</summary>
    /// <remarks>Words of a position lie across all KV banks of a region and words of a vector across its links: all of them end in the same
    /// cycle.</remarks>
    public void SpreadShared(int node, int resource)
    {
        var pieces = flat.Resources[resource].Unit switch
        {
            FabricUnit.KvSram => grain.KvBanksPerRegion,
            FabricUnit.Network => grain.LinksPerRegion,
            _ => 1,
        };
        tokens.Unserved[node] += pieces;
        for (var i = 0; i < pieces; i++)
            PushPiece(events.Now, node);
    }

    /// <summary>A vector reaches a bank. One that still reads rows of the token before takes this one behind it.</summary>
    public void Reach(int bank, int node)
    {
        var start = Math.Max(events.Now, _freeAt[bank]);
        var end = start + tokens.Rows[node];
        _freeAt[bank] = end;
        PushPiece(end + grain.PipelineCycles, node);
    }

    /// <summary>A piece of a node has ended.</summary>
    public void End(int node)
    {
        tokens.Whole[node] = events.Now;
        ends.CountDown(node);
    }

    private void PushPiece(long cycle, int node) => events.Push(cycle, EventCode.Of(EventKind.Piece), node);
}
