using TaalasSim.ChipModel.Timing;
using TaalasSim.Runtime.Engine;

namespace TaalasSim.Runtime.Activity;

/// <summary>Counts of a run by unit: the events that energy is spent on.</summary>
public sealed record ActivityCounters
{
    /// <summary>Cycles of the run.</summary>
    public required long Cycles { get; init; }

    /// <summary>Tokens that passed the first stage, prompt and answers.</summary>
    public required long Tokens { get; init; }

    /// <summary>Answer tokens: those that passed the output.</summary>
    public required long AnswerTokens { get; init; }

    /// <summary>Counts by unit, in the order of <see cref="FabricUnit"/>.</summary>
    public required IReadOnlyList<UnitActivity> Units { get; init; }

    /// <summary>Counts of one unit.</summary>
    public UnitActivity this[FabricUnit unit] => Units[(int)unit];

    /// <summary>Bits read from ROM.</summary>
    public double RomBits => this[FabricUnit.Bank].Bits;

    /// <summary>Elements times operations of the vector lanes.</summary>
    public double VectorOperations => this[FabricUnit.Vector].Items;

    /// <summary>Bits through the KV ports, written and read.</summary>
    public double KvBits => this[FabricUnit.KvSram].Bits;

    /// <summary>Bits read from the KV memory: they grow with the attended positions.</summary>
    public double KvReadBits => this[FabricUnit.KvSram].ContextItems;

    /// <summary>Logits through the sampler.</summary>
    public double Logits => this[FabricUnit.Sampler].Items;

    /// <summary>Bits over die-to-die links.</summary>
    public double DieLinkBits => this[FabricUnit.DieLink].Bits;

    /// <summary>Counts of a run.</summary>
    public static ActivityCounters Of(EngineResult result)
    {
        var units = Enum.GetValues<FabricUnit>();
        var (fixedItems, contextItems, bits) = (new double[units.Length], new double[units.Length], new double[units.Length]);
        foreach (var use in result.Demands)
        {
            var unit = (int)use.Demand.Resource.Unit;
            fixedItems[unit] += use.FixedItems;
            contextItems[unit] += use.ContextItems;
            bits[unit] += use.Bits;
        }

        var busy = new long[units.Length];
        var highest = new double[units.Length];
        foreach (var use in result.Resources)
        {
            busy[(int)use.Resource.Unit] += use.BusyCycles;
            highest[(int)use.Resource.Unit] = Math.Max(highest[(int)use.Resource.Unit], use.Utilisation);
        }

        return new ActivityCounters
        {
            Cycles = result.Cycles,
            Tokens = result.Demands.Where(d => d.Phase.Stage == 0).Select(d => d.Tokens).DefaultIfEmpty(0).Max(),
            AnswerTokens = result.Requests.Sum(r => (long)r.OutputTokens),
            Units = [.. units.Select((u, i) => new UnitActivity(u, fixedItems[i], contextItems[i], bits[i], busy[i], highest[i]))],
        };
    }
}
