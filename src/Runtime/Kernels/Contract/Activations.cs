using System.Runtime.InteropServices;
using TaalasSim.ChipModel.Formats;

namespace TaalasSim.Runtime.Kernels.Contract;

/// <summary>Input vectors of a product, quantised; native memory that grows on demand and is used again by the next product.</summary>
internal sealed unsafe class Activations : IDisposable
{
    private byte* memory;
    private nuint size;

    /// <summary>1.5·2^23: integers of up to 22 bits may be added to its bits.</summary>
    public const float StartBase = 12582912f;

    /// <summary>Fewer rows are not kept in binary64.</summary>
    public const int FewestDoubles = 4;

    public ActivationKind Kind { get; private set; }

    public int Inputs { get; private set; }

    public int Rows { get; private set; }

    /// <summary>[row][input]: rounded floats (float kinds).</summary>
    public float* Values { get; private set; }

    /// <summary>[eight rows][input][row]: the same in binary64, from four rows on (binary16 and bfloat16).</summary>
    public double* Doubles { get; private set; }

    /// <summary>[row]: whether all magnitudes of <see cref="Doubles"/> are zero or within 2^±62.</summary>
    public bool* InRange { get; private set; }

    /// <summary>[row][input]: codes in the order of the inputs.</summary>
    public sbyte* Codes { get; private set; }

    /// <summary>
    /// [row][block of 32][group of 4 lanes][lane][4]: Q8_K codes with the elements 8 apart side by side, so that one 32-bit lane holds what
    /// the reference adds up in one of its eight lanes.
    /// </summary>
    public sbyte* Lanes { get; private set; }

    /// <summary>[row][block of 32][group of 4 lanes][2][lane][2]: the same codes, of all four lanes the first two and then the
    /// others.</summary>
    public sbyte* Couples { get; private set; }

    /// <summary>[row][pair of blocks of 32][2][group of 4 lanes][lane][block][2]: the same codes, those of two blocks side by
    /// side.</summary>
    public sbyte* Quads { get; private set; }

    /// <summary>[row][block of 32][group of 4 lanes][lane][2]: sums of the neighbours in <see cref="Lanes"/>.</summary>
    public short* PairSums { get; private set; }

    /// <summary>[row][block]: scale of each block; one per row for <see cref="ActivationKind.Vector"/>.</summary>
    public float* Scales { get; private set; }

    /// <summary>[row][block]: Q8_1's scale · sum.</summary>
    public float* Products { get; private set; }

    /// <summary>
    /// [row][block of 32], Q8_0 and Q8_1: the bits of <see cref="StartBase"/> less <see cref="Excess"/> · Σ codes. A block's integer sum
    /// that begins here is, in the end, the bits of StartBase + sum.
    /// </summary>
    public int* Starts { get; private set; }

    /// <summary>What the codes of the weights are too large by.</summary>
    public int Excess { get; private set; }

    /// <summary>[row][block of 16]: sums of the codes of Q8_K.</summary>
    public short* Sums16 { get; private set; }

    /// <summary>[row][block of 32]: sums of the codes of Q8_K, pairs of them read as one 32-bit lane.</summary>
    public short* Sums32 { get; private set; }

    /// <summary>[row][input]: integer activations of the fabric's numerics.</summary>
    public short* Wide { get; private set; }

    /// <summary>Blocks per row that <see cref="Scales"/> is indexed by.</summary>
    public int Blocks { get; private set; }

    /// <summary>Makes room for vectors of that kind.</summary>
    /// <param name="kind">Kind.</param>
    /// <param name="inputs">Elements per vector.</param>
    /// <param name="rows">Vectors; kernels may read up to the next multiple of eight.</param>
    /// <param name="excess">What the codes of the weights are too large by (32-weight blocks).</param>
    public void Shape(ActivationKind kind, int inputs, int rows, int excess = 0)
    {
        Excess = excess;
        Kind = kind;
        Inputs = inputs;
        Rows = rows;
        rows = (rows + 7) & ~7;
        nuint n = (nuint)inputs,
            total = 0;
        Blocks = kind switch
        {
            ActivationKind.Q8_0 or ActivationKind.Q8_1 => inputs / 32,
            ActivationKind.Q8_K => inputs / 256,
            _ => 1,
        };
        switch (kind)
        {
            case ActivationKind.Q8_0 or ActivationKind.Q8_1:
                Reserve((nuint)rows * (n + (n / 32 * 12) + 256));
                Codes = (sbyte*)Take(ref total, n, rows);
                Scales = (float*)Take(ref total, n / 32 * 4, rows);
                Products = (float*)Take(ref total, n / 32 * 4, rows);
                Starts = (int*)Take(ref total, n / 32 * 4, rows);
                break;
            case ActivationKind.Q8_K:
                Reserve((nuint)rows * ((5 * n) + (n / 8) + (n / 16) + (n / 64) + 512));
                Codes = (sbyte*)Take(ref total, n, rows);
                Lanes = (sbyte*)Take(ref total, n, rows);
                Couples = (sbyte*)Take(ref total, n, rows);
                Quads = (sbyte*)Take(ref total, n, rows);
                PairSums = (short*)Take(ref total, n, rows);
                Scales = (float*)Take(ref total, n / 64, rows);
                Sums16 = (short*)Take(ref total, n / 8, rows);
                Sums32 = (short*)Take(ref total, n / 16, rows);
                break;
            case ActivationKind.Vector:
                Reserve((nuint)rows * ((6 * n) + 256));
                Scales = (float*)Take(ref total, 4, rows);
                Wide = (short*)Take(ref total, n * 2, rows);
                Values = (float*)Take(ref total, n * 4, rows);
                ClearTail();
                break;
            case ActivationKind.F16 or ActivationKind.Bf16:
                Reserve((nuint)rows * ((n * 12) + 1 + 128));
                Values = (float*)Take(ref total, n * 4, rows);
                Doubles = Rows < FewestDoubles ? null : (double*)Take(ref total, n * 8, rows);
                InRange = (bool*)Take(ref total, 1, rows);
                new Span<bool>(InRange, rows).Fill(true);
                break;
            default:
                Reserve((nuint)rows * ((n * 4) + 128));
                Values = (float*)Take(ref total, n * 4, rows);
                ClearTail();
                break;
        }
    }

    // A last block that the inputs do not fill is multiplied whole: its codes beyond the inputs are zero, and what they meet must be
    // finite. Reserve leaves the room.
    private void ClearTail() => new Span<float>(Values + ((nint)Rows * Inputs), 32).Clear();

    public void Dispose()
    {
        NativeMemory.AlignedFree(memory);
        memory = null;
        size = 0;
    }

    private byte* Take(ref nuint total, nuint rowBytes, int rows)
    {
        var at = memory + total;
        total += ((rowBytes * (nuint)rows) + 63) & ~(nuint)63;
        return at;
    }

    private void Reserve(nuint bytes)
    {
        bytes += 1024;
        if (bytes <= size)
            return;
        NativeMemory.AlignedFree(memory);
        memory = (byte*)NativeMemory.AlignedAlloc(bytes, 64);
        size = bytes;
    }
}
