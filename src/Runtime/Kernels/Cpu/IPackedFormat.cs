namespace TaalasSim.Runtime.Kernels.Cpu;

/// <summary>A K-quant of nibbles, with or without fifth bits, whose six-bit scales and minima are packed in twelve bytes from byte
/// 4.</summary>
internal interface IPackedFormat : IKQuantFormat
{
    /// <summary>Byte of a block at which the 128 bytes of nibbles begin.</summary>
    static abstract int Nibbles { get; }

    /// <summary>Byte at which 32 bytes of fifth bits begin; 0 for none.</summary>
    static virtual int FifthBits => 0;
}
