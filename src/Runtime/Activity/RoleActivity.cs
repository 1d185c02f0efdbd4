using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Power;

namespace TaalasSim.Runtime.Activity;

/// <summary>What the matrices of one role move, weighed by their multiplications in the run.</summary>
/// <param name="Role">Role.</param>
/// <param name="Macs">Multiplications of the run.</param>
/// <param name="ZeroWeights">Weights that are 0, share.</param>
/// <param name="ZeroActivations">Activations that are 0, share.</param>
/// <param name="Toggles">What moves.</param>
public sealed record RoleActivity(MatrixRole Role, double Macs, double ZeroWeights, double ZeroActivations, DataToggles Toggles)
{
    internal static RoleActivity Of(MatrixRole role, IReadOnlyList<MatrixActivity> matrices)
    {
        double Work(MatrixActivity m) => (double)m.Macs * m.Tokens;
        var macs = matrices.Sum(Work);
        return new(
            role,
            macs,
            matrices.Sum(m => Work(m) * m.ZeroWeights) / macs,
            matrices.Sum(m => Work(m) * m.ZeroActivations) / macs,
            Mean(matrices.Select(m => (m.Toggles, Work(m))))
        );
    }

    /// <summary>Mean of several, weighed; random where there is none.</summary>
    internal static DataToggles Mean(IEnumerable<(DataToggles Toggles, double Weight)> parts)
    {
        var (ones, activations, columns, all) = (0.0, 0.0, 0.0, 0.0);
        foreach (var (toggles, weight) in parts)
        {
            ones += weight * toggles.StoredOnes;
            activations += weight * toggles.ActivationToggles;
            columns += weight * toggles.ColumnToggles;
            all += weight;
        }

        return all > 0 ? new(ones / all, activations / all, columns / all) : DataToggles.Random;
    }
}
