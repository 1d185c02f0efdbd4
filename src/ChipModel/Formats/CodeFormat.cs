namespace TaalasSim.ChipModel.Formats;

/// <summary>How blocks of weights are stored: sizes, fields, decoder, encoder and partner in products. One sealed class a format.</summary>
/// <remarks>
/// A format is either a GGUF type, hard-wired as it is (<see cref="GgmlType"/> ≥ 0), or one of the fabric's own (<c>rom2</c>…<c>rom8</c>).
/// Blocks run along a column (the inputs of one output), and never straddle a bank.
/// </remarks>
public abstract class CodeFormat
{
    /// <summary>Describes a format.</summary>
    /// <param name="name">Name.</param>
    /// <param name="ggmlType">GGUF type id, or −1.</param>
    /// <param name="codeBits">Bits of one code.</param>
    /// <param name="blockWeights">Weights per block.</param>
    /// <param name="fields">Bytes of the block's fields, in their order.</param>
    protected CodeFormat(string name, int ggmlType, int codeBits, int blockWeights, params ReadOnlySpan<int> fields)
    {
        Name = name;
        GgmlType = ggmlType;
        CodeBits = codeBits;
        BlockWeights = blockWeights;
        var units = new List<int>();
        foreach (var field in fields)
        {
            // Fields of up to two bytes are one unit, and so is a single number; longer ones are cut in units of four bytes.
            if (field <= 2 || blockWeights == 1)
                units.Add(field);
            else
                units.AddRange(Enumerable.Repeat(4, field / 4));
            BlockBytes += field;
        }

        Units = units;
        if (units.Sum() != BlockBytes)
            throw new ArgumentException($"{name}: a field of more than two bytes must be a multiple of four bytes", nameof(fields));
    }

    /// <summary>Name as written on the command line and in chip.yaml, e.g. <c>rom4</c>.</summary>
    public string Name { get; }

    /// <summary>GGUF type id, or −1 for a format of the fabric.</summary>
    public int GgmlType { get; }

    /// <summary>Weights per block, W.</summary>
    public int BlockWeights { get; }

    /// <summary>Bytes per block, B.</summary>
    public int BlockBytes { get; }

    /// <summary>Widths in bytes of the units that are interleaved over the columns, in the order of the block's bytes; they sum to
    /// B.</summary>
    /// <remarks>The weights layer stores sixteen columns side by side, unit by unit. Codes are cut in units of four bytes so that a row of
    /// sixteen columns fills sixteen 32-bit lanes.</remarks>
    public IReadOnlyList<int> Units { get; }

    /// <summary>Bits of one code; for a float type its width.</summary>
    public int CodeBits { get; }

    /// <summary>Stored bits per weight, scales included.</summary>
    public double BitsPerWeight => 8.0 * BlockBytes / BlockWeights;

    /// <summary>Whether the weights are floating-point numbers rather than codes with scales.</summary>
    public virtual bool IsFloat => false;

    /// <summary>Whether blocks hold codes and scales of more than one weight.</summary>
    public bool IsQuantised => BlockWeights > 1;

    /// <summary>Whether matrices can be hard-wired in it; not integers and activation blocks.</summary>
    public virtual bool HoldsWeights => true;

    /// <summary>Whether matrices of the format can be multiplied.</summary>
    public virtual bool HasProduct => HoldsWeights;

    /// <summary>Whether the fabric's arithmetic multiplies integer codes of the format; otherwise it multiplies floats.</summary>
    public virtual bool HasIntegerCodes => false;

    /// <summary>Whether every weight is −1, 0 or 1 times a scale.</summary>
    public virtual bool IsTernary => false;

    /// <summary>What the reference quantises the input vector to.</summary>
    public virtual ActivationKind Activations => ActivationKind.F32;

    /// <summary>Types of whole files that store most matrices in the format.</summary>
    public virtual IReadOnlyList<FileTypeName> FileTypes => [];

    /// <summary>Whether weights can be packed into blocks of the format by <see cref="Encode(ReadOnlySpan{float}, Span{byte})"/>.</summary>
    public bool CanEncode => this is IBlockEncoder;

    /// <summary>Bytes that <paramref name="weights"/> weights take; the count must be a multiple of the block.</summary>
    /// <exception cref="ArgumentException">The count does not fill whole blocks.</exception>
    /// <exception cref="OverflowException">The size does not fit a signed 64-bit integer.</exception>
    public long BytesOf(long weights)
    {
        if (weights < 0 || weights % BlockWeights != 0)
            throw new ArgumentException($"{weights} values do not fill whole {this} blocks of {BlockWeights}.", nameof(weights));
        return checked(weights / BlockWeights * BlockBytes);
    }

    /// <summary>Decodes whole blocks.</summary>
    /// <param name="blocks">The bytes of one or more whole blocks.</param>
    /// <param name="values">Receives every weight of the blocks; its length must be exactly theirs.</param>
    /// <param name="columnScale">Scale of the column, for the fabric's formats.</param>
    /// <exception cref="ArgumentException">Bytes and values do not match or do not fill whole blocks.</exception>
    public void Decode(ReadOnlySpan<byte> blocks, Span<float> values, float columnScale = 1)
    {
        CheckSizes(blocks.Length, values.Length);
        if (!IsQuantised)
        {
            DecodeBlock(blocks, columnScale, values);
            return;
        }

        for (; values.Length > 0; values = values[BlockWeights..], blocks = blocks[BlockBytes..])
            DecodeBlock(blocks[..BlockBytes], columnScale, values[..BlockWeights]);
    }

    /// <summary>Encodes whole blocks.</summary>
    /// <param name="values">Values that fill whole blocks; for the quantised formats all finite.</param>
    /// <param name="blocks">Receives the bytes; its length must be exactly theirs.</param>
    /// <exception cref="ArgumentException">
    /// The format cannot be written, sizes do not match, or a block holds values that are not finite or too large for its scale.
    /// </exception>
    public void Encode(ReadOnlySpan<float> values, Span<byte> blocks) => Encode(values, [], blocks);

    /// <summary>Encodes whole blocks so that Σ importance · error² is small.</summary>
    /// <param name="values">As above.</param>
    /// <param name="importance">Importance of each value, not negative; empty counts all alike.</param>
    /// <param name="blocks">As above.</param>
    /// <exception cref="ArgumentException">As above.</exception>
    public void Encode(ReadOnlySpan<float> values, ReadOnlySpan<float> importance, Span<byte> blocks)
    {
        if (this is not IBlockEncoder encoder)
            throw new ArgumentException(
                $"{this} cannot be encoded; choose one of {string.Join(", ", CodeFormats.GgufTypes.Where(f => f.CanEncode))}.",
                nameof(values)
            );
        CheckSizes(blocks.Length, values.Length);
        if (!IsQuantised)
        {
            encoder.EncodeBlock(values, blocks);
            return;
        }

        Span<float> weights = stackalloc float[importance.IsEmpty ? 0 : BlockWeights];
        for (var at = 0; values.Length > 0; values = values[BlockWeights..], blocks = blocks[BlockBytes..], at += BlockWeights)
        {
            foreach (var x in values[..BlockWeights])
            {
                if (!float.IsFinite(x))
                    throw new ArgumentException(
                        $"A value to be stored as {this} is {x}; quantised types hold finite values only.",
                        nameof(values)
                    );
            }

            blocks[..BlockBytes].Clear();
            if (importance.IsEmpty)
                encoder.EncodeBlock(values[..BlockWeights], blocks[..BlockBytes]);
            else
                encoder.EncodeBlock(values[..BlockWeights], Softened(importance.Slice(at, BlockWeights), weights), blocks[..BlockBytes]);
        }
    }

    // Each importance plus the block's mean: a short text says little about inputs that it hardly stirs, and another text may stir them.
    private static ReadOnlySpan<float> Softened(ReadOnlySpan<float> importance, Span<float> weights)
    {
        double sum = 0;
        foreach (var p in importance)
            sum += p;
        var mean = sum > 0 ? (float)(sum / importance.Length) : 1;
        for (var i = 0; i < weights.Length; i++)
            weights[i] = importance[i] + mean;
        return weights;
    }

    /// <summary>Decodes one block; formats of one weight a block take any number at once.</summary>
    /// <param name="block">Bytes.</param>
    /// <param name="columnScale">Scale of the column, for the fabric's formats.</param>
    /// <param name="values">Receives the weights.</param>
    protected abstract void DecodeBlock(ReadOnlySpan<byte> block, float columnScale, Span<float> values);

    /// <summary>The name in upper case, as GGUF tools print it.</summary>
    public sealed override string ToString() => Name.ToUpperInvariant();

    private void CheckSizes(int bytes, int values)
    {
        if (bytes != BytesOf(values))
            throw new ArgumentException($"{values} values of {this} take {BytesOf(values)} bytes, not {bytes}.", nameof(bytes));
    }
}
