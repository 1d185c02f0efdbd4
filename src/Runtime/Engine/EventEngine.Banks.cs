using TaalasSim.ChipModel.Timing;

namespace TaalasSim.Runtime.Engine;

/// <summary>Bank granularity: what one resource stands for is played piece by piece, and the phase ends with its last piece.</summary>
public sealed partial class EventEngine
{
    private readonly long[]? _bankFree;

    // Banks: the broadcast reaches each of them its hops later. Trees: banks hand their sums on level by level; each output segment then
    // sends its sums back.
    private bool Spread(int node, int resource, long start, long cycles, int phase)
    {
        var unit = _flat.Resources[resource].Unit;
        if (unit is not (FabricUnit.Bank or FabricUnit.Reduction))
            return false;
        var s = _slots;
        ref readonly var port = ref _grain!.Port(_flat.Resources[resource].Index);
        if (start + cycles > Math.Max(s.Expected[node], s.End[node]))
            (s.Expected[node], s.Worked[node], s.Binding[node]) = (start + cycles, cycles, (byte)unit);
        if (unit == FabricUnit.Bank)
        {
            // A row of the embedding is in one output segment.
            var banks = phase < _flat.StageBegin[1] && _flat.Source.Stages[0].Layer < 0 ? port.InputSegments : port.Banks;
            s.Unserved[node] += banks;
            s.Rows[node] = (int)cycles;
            for (var b = port.FirstBank + port.Banks - banks; b < port.FirstBank + port.Banks; b++)
                _events.Push(start + _grain.Way[b], Code(Kind.BankIn, b), node);
            return true;
        }

        s.Unserved[node] += port.Banks;
        for (var o = 0; o < port.OutputSegments; o++)
        {
            for (var i = 1; i < port.InputSegments; i++)
                _events.Push(start + ((BankGranularity.PortPieces.LevelOf(i) + 1) * port.LevelCycles), Code(Kind.Piece), node);
            _events.Push(start + (port.Levels * port.LevelCycles) + cycles + port.Way, Code(Kind.Piece), node);
        }

        return true;
    }

    // A bank that still reads rows of the slot before takes the next behind it.
    private void BankIn(int bank, int node)
    {
        var start = Math.Max(Now, _bankFree![bank]);
        var end = start + _slots.Rows[node];
        _bankFree[bank] = end;
        _events.Push(end + _grain!.PipelineCycles, Code(Kind.Piece), node);
    }

    // Words of a position lie across all KV banks of a region and words of a vector across its links: all of them end in the same cycle.
    private void SpreadShared(int node, FabricUnit unit)
    {
        var pieces = unit switch
        {
            FabricUnit.KvSram => _grain!.KvBanksPerRegion,
            FabricUnit.Network => _grain!.LinksPerRegion,
            _ => 1,
        };
        _slots.Unserved[node] += pieces;
        for (var i = 0; i < pieces; i++)
            _events.Push(Now, Code(Kind.Piece), node);
    }

    private void Piece(int node)
    {
        var s = _slots;
        s.Whole[node] = Now;
        if (--s.Unserved[node] == 0)
            EndPhase(node, node >> _shift, _flat.StageBegin[s.Stage[node >> _shift]] + (node & _nodeMask));
    }
}
