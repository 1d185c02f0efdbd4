using TaalasSim.ChipModel.Formats;

namespace TaalasSim.Runtime.Kernels.Contract;

/// <summary>The pairs of weight and activation types of the reference.</summary>
internal static class ActivationKinds
{
    public static ActivationKind Of(CodeFormat format) =>
        format.Name switch
        {
            "f16" => ActivationKind.F16,
            "bf16" => ActivationKind.Bf16,
            "q4_1" or "q5_1" => ActivationKind.Q8One,
            "q4_0" or "q5_0" or "q8_0" or "q1_0" or "q2_0" or "mxfp4" or "nvfp4" or "iq4_nl" => ActivationKind.Q8_0,
            _ => format.BlockWeights == 256 ? ActivationKind.Q8K : ActivationKind.F32,
        };
}
