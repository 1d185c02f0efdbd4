namespace TaalasSim.Runtime.Kernels.Contract;

/// <summary>Which arithmetic the functional simulation follows.</summary>
public enum Numerics
{
    /// <summary>llama.cpp's scalar CPU path bit for bit (flash attention off, keys and values in F16).</summary>
    Reference,

    /// <summary>The fabric's own: quantised activations per vector, saturating integer accumulators, fabric KV bits and vector
    /// precision.</summary>
    Hardware,
}
