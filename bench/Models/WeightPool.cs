using TaalasSim.ChipModel.Formats;

namespace TaalasSim.Bench.Models;

/// <summary>
/// Seeded normal weights in every type that a file needs. Rows of matrices are cut from one pool at random block boundaries: a file of any
/// size is written at the disk's speed, and the same values stand in every file type.
/// </summary>
internal sealed class WeightPool
{
    // 1 M values: 4,096 super-blocks.
    private const int Blocks = 4096,
        BlockElements = 256;

    // Keeps products of normalised inputs near 1 at the widths at hand.
    private const double Deviation = 0.02;

    private readonly float[] _values = new float[Blocks * BlockElements];
    private readonly Dictionary<CodeFormat, byte[]> _encoded = [];

    public WeightPool(int seed)
    {
        var random = new Random(seed);
        for (var i = 0; i < _values.Length; i += 2)
        {
            // Box–Muller
            var radius = Deviation * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble()));
            var (sin, cos) = Math.SinCos(2 * Math.PI * random.NextDouble());
            (_values[i], _values[i + 1]) = ((float)(radius * cos), (float)(radius * sin));
        }
    }

    /// <summary>Writes the rows of one matrix.</summary>
    /// <param name="stream">Where to.</param>
    /// <param name="tensor">Matrix whose rows fill whole super-blocks of 256.</param>
    /// <param name="seed">Choice of rows.</param>
    public void Write(Stream stream, LlamaTensors.Tensor tensor, int seed)
    {
        var encoded = Encoded(tensor.Type);
        var blocks = tensor.Columns / BlockElements;
        var blockBytes = (int)tensor.Type.BytesOf(BlockElements);
        var random = new Random(seed);
        for (var row = 0; row < tensor.Rows; row++)
            stream.Write(encoded, random.Next(Blocks - blocks + 1) * blockBytes, blocks * blockBytes);
    }

    private byte[] Encoded(CodeFormat type)
    {
        if (_encoded.TryGetValue(type, out var bytes))
            return bytes;
        bytes = new byte[type.BytesOf(_values.Length)];
        var blockBytes = bytes.Length / Blocks;
        Parallel.For(0, Blocks, block =>
            type.Encode(_values.AsSpan(block * BlockElements, BlockElements), bytes.AsSpan(block * blockBytes, blockBytes))
        );
        _encoded.Add(type, bytes);
        return bytes;
    }
}
