using System.Buffers;
using TaalasSim.Compiler.Gguf;

namespace TaalasSim.Compiler.Adapters;

/// <summary>
/// What an adapter adds to one matrix: y += s · B (A x), with A of <see cref="Rank"/> rows and B of <see cref="Rank"/> columns. Of a tensor
/// of experts each has its own pair. The pair of the token embedding is stored the other way round: row t of A times B is added to the
/// embedding of token t.
/// </summary>
public sealed class LoraPair
{
    private readonly float[] _a;
    private readonly float[] _b;

    internal LoraPair(GgufTensor basis, GgufTensor a, GgufTensor b, float scale, bool embedding)
    {
        Tensor = basis.Name;
        A = a;
        B = b;
        Scale = scale;
        IsEmbedding = embedding;
        Rank = (int)b.RowLength;
        Outputs = basis.Dimension(1);
        IsExperts = basis.Dimension(2) > 1;
        _a = Decode(a);
        _b = Decode(b);
    }

    /// <summary>Tensor of the model that the pair acts on.</summary>
    public string Tensor { get; }

    /// <summary>Inner size.</summary>
    public int Rank { get; }

    /// <summary>s: the user's factor times alpha / rank (alpha 0: the user's factor alone).</summary>
    public float Scale { get; }

    /// <summary>{inputs, rank}, of experts {inputs, rank, experts}; of the token embedding {rank, tokens}.</summary>
    public GgufTensor A { get; }

    /// <summary>{rank, outputs}, of experts {rank, outputs, experts}; of the token embedding {rank, width}.</summary>
    public GgufTensor B { get; }

    /// <summary>Whether the pair acts on the token embedding and is stored the other way round.</summary>
    public bool IsEmbedding { get; }

    /// <summary>Whether the pair holds one A and B for each expert.</summary>
    public bool IsExperts { get; }

    private long Outputs { get; }

    /// <summary>Adds what the adapter changes in one row of the tensor: w += s · (B A)[row], the sum over the rank in double.</summary>
    /// <param name="row">Row over all experts; of the token embedding the token.</param>
    /// <param name="weights">The row's weights.</param>
    public void AddTo(long row, Span<float> weights)
    {
        if (IsEmbedding)
        {
            var token = _a.AsSpan(checked((int)(row * Rank)), Rank);
            for (var k = 0; k < weights.Length; k++)
            {
                double sum = 0;
                for (var i = 0; i < Rank; i++)
                    sum += (double)token[i] * _b[(k * Rank) + i];
                weights[k] += Scale * (float)sum;
            }
            return;
        }
        var sums = ArrayPool<double>.Shared.Rent(weights.Length);
        Array.Clear(sums, 0, weights.Length);
        var firstOfA = row / Outputs * Rank;
        for (var i = 0; i < Rank; i++)
        {
            var factor = (double)_b[checked((int)((row * Rank) + i))];
            var a = _a.AsSpan(checked((int)((firstOfA + i) * weights.Length)), weights.Length);
            for (var k = 0; k < a.Length; k++)
                sums[k] += factor * a[k];
        }
        for (var k = 0; k < weights.Length; k++)
            weights[k] += Scale * (float)sums[k];
        ArrayPool<double>.Shared.Return(sums);
    }

    /// <summary>Whether every value of A and B is finite.</summary>
    internal bool IsFinite => Array.TrueForAll(_a, float.IsFinite) && Array.TrueForAll(_b, float.IsFinite);

    private static float[] Decode(GgufTensor tensor)
    {
        var values = new float[tensor.Elements];
        for (long row = 0; row < tensor.Rows; row++)
            tensor.DecodeRow(row, values.AsSpan((int)(row * tensor.RowLength), (int)tensor.RowLength));
        return values;
    }
}
