namespace TaalasSim.ChipModel.Formats;

/// <summary>
/// A format of the fabric: blocks of 32 signed b-bit codes c ∈ [−2^(b−1), 2^(b−1) − 1] behind an unsigned 8-bit scale s, and one float
/// scale
/// g for the column (the weights of one output), in the vector ROM; weight = g · s · c. 0: s, 1: codes as a little-endian bit stream.
/// </summary>
public abstract class RomFormat : CodeFormat
{
    /// <summary>A format of <paramref name="bits"/> bits.</summary>
    protected RomFormat(int bits)
        : base($"rom{bits}", -1, bits, Block, 1, 4 * bits) { }

    /// <summary>Weights of a block.</summary>
    public const int Block = 32;

    /// <summary>Encodes a column.</summary>
    /// <param name="weights">Weights along the inputs; the last block is filled with zeros.</param>
    /// <param name="blocks">⌈n / 32⌉ blocks of bytes.</param>
    /// <returns>The column's scale g.</returns>
    public float EncodeColumn(ReadOnlySpan<float> weights, Span<byte> blocks)
    {
        var count = (weights.Length + Block - 1) / Block;
        Span<float> scales = count <= 1024 ? stackalloc float[count] : new float[count];
        Span<float> padded = stackalloc float[Block];
        var largest = 0f;
        for (var b = 0; b < count; b++)
        {
            Load(weights, b, padded);
            scales[b] = BestScale(padded, CodeBits);
            largest = MathF.Max(largest, scales[b]);
        }

        var column = largest / 255;
        for (var b = 0; b < count; b++)
        {
            Load(weights, b, padded);
            var scale = column > 0 ? (byte)Math.Clamp((int)MathF.Round(scales[b] / column), scales[b] > 0 ? 1 : 0, 255) : (byte)0;
            Pack(padded, column * scale, CodeBits, scale, blocks.Slice(b * BlockBytes, BlockBytes));
        }

        return column;
    }

    /// <summary>
    /// Encodes a column so that Σ p (w − ŵ)² is small, p the mean squared activation of each input (plus the mean of its block, lest a
    /// short calibration be trusted too far): the scale of every block is searched with those weights, and again among the stored scales
    /// near it once the column's scale is known.
    /// </summary>
    /// <param name="weights">Weights along the inputs.</param>
    /// <param name="power">p of each input, not negative; where a whole block has none, every input counts the same.</param>
    /// <param name="blocks">⌈n / 32⌉ blocks of bytes.</param>
    /// <returns>The column's scale g.</returns>
    public float EncodeColumn(ReadOnlySpan<float> weights, ReadOnlySpan<float> power, Span<byte> blocks)
    {
        var count = (weights.Length + Block - 1) / Block;
        Span<float> scales = count <= 1024 ? stackalloc float[count] : new float[count];
        Span<float> padded = stackalloc float[Block];
        Span<float> p = stackalloc float[Block];
        var largest = 0f;
        for (var b = 0; b < count; b++)
        {
            Load(weights, b, padded);
            LoadPower(power, b, p);
            scales[b] = BestScale(padded, p, CodeBits);
            largest = MathF.Max(largest, scales[b]);
        }

        var column = largest / 255;
        for (var b = 0; b < count; b++)
        {
            Load(weights, b, padded);
            LoadPower(power, b, p);
            var stored = column > 0 ? BestStored(padded, p, column, scales[b], CodeBits) : 0;
            Pack(padded, column * stored, CodeBits, (byte)stored, blocks.Slice(b * BlockBytes, BlockBytes));
        }

        return column;
    }

    /// <summary>Decodes the first weights of a column's blocks; the last block may be partly used.</summary>
    public void DecodeColumn(ReadOnlySpan<byte> blocks, float columnScale, Span<float> weights)
    {
        for (var i = 0; i < weights.Length; i += Block)
            DecodeBlock(
                blocks.Slice(i / Block * BlockBytes, BlockBytes),
                columnScale,
                weights.Slice(i, Math.Min(Block, weights.Length - i))
            );
    }

    /// <inheritdoc/>
    protected override void DecodeBlock(ReadOnlySpan<byte> block, float columnScale, Span<float> values)
    {
        for (var i = 0; i < values.Length; i++)
            values[i] = columnScale * block[0] * Code(block, i, CodeBits);
    }

    /// <summary>Code <paramref name="index"/> of a block, sign extended.</summary>
    public static int Code(ReadOnlySpan<byte> block, int index, int bits)
    {
        var at = index * bits;
        int word = block[1 + (at >> 3)];
        if ((at >> 3) + 2 < block.Length)
            word |= block[2 + (at >> 3)] << 8;
        return (word >> (at & 7)) << (32 - bits) >> (32 - bits);
    }

    private static float BestScale(ReadOnlySpan<float> weights, int bits)
    {
        Span<float> equal = stackalloc float[Block];
        equal.Fill(1);
        return BestScale(weights, equal, bits);
    }

    // The scale d that minimises Σ p (w − d·round(w/d))² over candidates around the extremes of the code range; for each rounding the
    // least-squares d is taken.
    private static float BestScale(ReadOnlySpan<float> weights, ReadOnlySpan<float> power, int bits)
    {
        var extreme = 0f;
        foreach (var w in weights)
            if (MathF.Abs(w) > MathF.Abs(extreme))
                extreme = w;
        if (extreme == 0)
            return 0;
        int low = -(1 << (bits - 1)),
            high = (1 << (bits - 1)) - 1;
        var size = MathF.Abs(extreme);
        float best = 0,
            bestError = float.PositiveInfinity;
        for (var step = 0; step <= 20; step++)
        {
            // From a code range a quarter too wide to one that clips the extreme by 1.6.
            var d = size / (-low * (0.8f + (0.04f * step)));
            double wc = 0,
                cc = 0;
            for (var i = 0; i < Block; i++)
            {
                var c = Math.Clamp((int)MathF.Round(weights[i] / d), low, high);
                wc += (double)power[i] * weights[i] * c;
                cc += (double)power[i] * c * c;
            }

            if (cc == 0)
                continue;
            var fit = (float)(wc / cc);
            if (fit <= 0)
                continue;
            var error = Error(weights, power, fit, bits);
            if (error < bestError)
                (best, bestError) = (fit, (float)error);
        }

        return best;
    }

    private static int BestStored(ReadOnlySpan<float> weights, ReadOnlySpan<float> power, float column, float scale, int bits)
    {
        if (scale == 0)
            return 0;
        var near = (int)MathF.Round(scale / column);
        var best = Math.Clamp(near, 1, 255);
        var bestError = double.PositiveInfinity;
        // The error is not smooth in the scale: codes flip. Eight steps either side see those flips.
        for (var s = Math.Max(1, near - 8); s <= Math.Min(255, near + 8); s++)
        {
            var error = Error(weights, power, column * s, bits);
            if (error < bestError)
                (best, bestError) = (s, error);
        }

        return best;
    }

    private static double Error(ReadOnlySpan<float> weights, ReadOnlySpan<float> power, float scale, int bits)
    {
        int low = -(1 << (bits - 1)),
            high = (1 << (bits - 1)) - 1;
        double error = 0;
        for (var i = 0; i < Block; i++)
        {
            var c = Math.Clamp((int)MathF.Round(weights[i] / scale), low, high);
            var difference = (double)weights[i] - (scale * c);
            error += power[i] * difference * difference;
        }

        return error;
    }

    private static void Pack(ReadOnlySpan<float> weights, float scale, int bits, byte stored, Span<byte> block)
    {
        block.Clear();
        block[0] = stored;
        if (scale == 0)
            return;
        int low = -(1 << (bits - 1)),
            high = (1 << (bits - 1)) - 1;
        for (var i = 0; i < Block; i++)
        {
            var code = Math.Clamp((int)MathF.Round(weights[i] / scale), low, high) & ((1 << bits) - 1);
            var at = i * bits;
            block[1 + (at >> 3)] |= (byte)(code << (at & 7));
            if ((at & 7) + bits > 8)
                block[2 + (at >> 3)] |= (byte)(code >> (8 - (at & 7)));
        }
    }

    // Each input's power plus the block's mean: a short calibration text says little about inputs that it hardly stirs, and another text
    // may stir them.
    private static void LoadPower(ReadOnlySpan<float> power, int block, Span<float> p)
    {
        p.Clear();
        var from = block * Block;
        var part = power[from..Math.Min(power.Length, from + Block)];
        double sum = 0;
        foreach (var v in part)
            sum += v;
        var mean = sum > 0 ? (float)(sum / part.Length) : 1;
        for (var i = 0; i < part.Length; i++)
            p[i] = part[i] + mean;
    }

    private static void Load(ReadOnlySpan<float> weights, int block, Span<float> padded)
    {
        padded.Clear();
        var from = block * Block;
        weights[from..Math.Min(weights.Length, from + Block)].CopyTo(padded);
    }
}
