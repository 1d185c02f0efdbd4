using TaalasSim.ChipModel.Chip;

namespace TaalasSim.Compiler.Graph;

/// <summary>Traits for a model of which only the sizes are known: what is placed and timed does not depend on the rest.</summary>
public static class ShapeTraits
{
    /// <summary>Plain Llama traits.</summary>
    public static ModelTraits Plain { get; } =
        new()
        {
            NormEpsilon = 1e-5f,
            RotaryLength = 2,
            RopeBase = 10000,
        };
}
