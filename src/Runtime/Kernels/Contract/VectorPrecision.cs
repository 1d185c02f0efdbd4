namespace TaalasSim.Runtime.Kernels.Contract;

/// <summary>Format of the results of the fabric's vector lanes.</summary>
public enum VectorPrecision
{
    /// <summary>IEEE binary32.</summary>
    Fp32,

    /// <summary>IEEE binary16: each operation is computed in binary32 and its result rounded to nearest even.</summary>
    Fp16,
}
