using TaalasSim.ChipModel.Area;
using TaalasSim.ChipModel.Cost;
using TaalasSim.ChipModel.Fabric;
using TaalasSim.ChipModel.Figures;
using TaalasSim.ChipModel.Power;
using TaalasSim.ChipModel.Technology;
using TaalasSim.ChipModel.Timing;

namespace TaalasSim.ChipModel.Evaluation;

/// <summary>Power of a chip whose energy follows from the data that a run was seen to move.</summary>
public static class DataPower
{
    /// <summary>Evaluates a chip with its events weighed by what the data move (<see cref="TokenActivity.Moved"/>); leakage follows from
    /// the temperature that is reached.</summary>
    /// <param name="chip">The chip.</param>
    /// <param name="technology">Process constants.</param>
    /// <param name="prices">Prices.</param>
    /// <param name="service">Lengths and users.</param>
    /// <param name="data">What the data move; <see cref="DataToggles.Random"/> gives the chip's own figures.</param>
    public static EvaluationDetails Of(
        EvaluationInput chip,
        TechnologySpec technology,
        PriceBook prices,
        ServiceShape service,
        DataToggles data
    )
    {
        var clocked = ClockedShare(chip.Fabric, technology);
        var moved = chip with
        {
            Activity = chip.Activity.Moved(data, clocked),
            PromptActivity = chip.PromptActivity.Moved(data, clocked),
        };
        return ChipEvaluation.Explain(moved, technology, prices, service);
    }

    /// <summary>Share of a column's energy that its registers' clocks take whatever the data, 0…1: what is left without flip-flops is
    /// moved by data.</summary>
    public static double ClockedShare(FabricSpec fabric, TechnologySpec technology)
    {
        var (style, bits, energy) = (fabric.Bank.BankStyle, fabric.Numerics.ActivationBits, technology.Energy);
        var pitch = DieArea.Of(fabric, technology).SitePitchMm;
        var silent = energy with { FlipFlopPj = energy.FlipFlopPj with { Value = 0 } };
        return 1 - (style.Energy(fabric.Bank, bits, silent, pitch).WeightPj / style.Energy(fabric.Bank, bits, energy, pitch).WeightPj);
    }
}
