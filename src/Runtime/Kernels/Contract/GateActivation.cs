namespace TaalasSim.Runtime.Kernels.Contract;

/// <summary>Activation of a gate, in the feed-forward layer and elsewhere.</summary>
public enum GateActivation
{
    /// <summary>x / (1 + e^−x).</summary>
    Silu,

    /// <summary>Tanh form of GELU through F16, as llama.cpp's table.</summary>
    Gelu,

    /// <summary>gpt-oss: g = min(gate, 7), u = clamp(up, −7, 7): g / (1 + e^(−1.702 g)) · (u + 1).</summary>
    ClampedSwiGlu,

    /// <summary>1 / (1 + e^−x).</summary>
    Sigmoid,

    /// <summary>max(x, 0) · max(up, 0); a square where both are one.</summary>
    SquaredRelu,
}
