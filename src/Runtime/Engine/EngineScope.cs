using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Evaluation;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Timing;
using TaalasSim.ChipModel.Units;

namespace TaalasSim.Runtime.Engine;

/// <summary>What the event engine leaves out: it plays every unit of the chip and its links, and no HBM.</summary>
public static class EngineScope
{
    /// <summary>Refuses a load whose keys and values do not fit the SRAM, so that a token would wait for HBM.</summary>
    /// <param name="plan">The chip.</param>
    /// <param name="users">Users at once.</param>
    /// <param name="context">Positions that each of them holds in the end.</param>
    /// <param name="what">What was asked for, e.g. <c>--trace</c>.</param>
    /// <exception cref="InputException">Keys and values reach into HBM.</exception>
    public static void Check(ChipPlan plan, int users, int context, string what)
    {
        var chip = EvaluationInput.Of(plan);
        if (chip.OffDieTiming(new ServiceShape(context, 0, users)).HbmShare <= 0)
            return;
        throw new InputException(
            $"{what}: keys and values of {NumberText.Count(users)} × {NumberText.Count(context)} tokens "
                + $"({NumberText.Si(users * chip.KvBytes(context), "B")}) "
                + $"exceed the {NumberText.Si(plan.Fabric.KvSram.CapacityMb * 1e6 * plan.Fabric.Dies, "B")} of SRAM, and the event "
                + "engine has no HBM; "
                + "use fewer users or tokens, or compare, which has it"
        );
    }
}
