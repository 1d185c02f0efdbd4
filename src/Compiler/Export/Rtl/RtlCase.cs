using TaalasSim.ChipModel.BankStyles;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Formats;
using TaalasSim.ChipModel.MaskLayers;

namespace TaalasSim.Compiler.Export.Rtl;

/// <summary>A matrix port with its stored codes and the vectors that a test bench plays: everything that a simulation needs, and what must
/// come out.</summary>
public sealed class RtlCase
{
    private RtlCase(RtlConfig config, int vectors)
    {
        config.Validate();
        Config = config;
        Codes = new int[config.Segments][][];
        Scales = new byte[config.Segments][][];
        for (var s = 0; s < config.Segments; s++)
        {
            Codes[s] = [.. Enumerable.Range(0, config.Columns).Select(_ => new int[config.Rows])];
            Scales[s] = [.. Enumerable.Range(0, config.Columns).Select(_ => new byte[config.Blocks])];
        }

        Vectors =
        [
            .. Enumerable.Range(0, vectors).Select(_ => Enumerable.Range(0, config.Segments).Select(_ => new int[config.Rows]).ToArray()),
        ];
    }

    /// <summary>Sizes and widths of the port.</summary>
    public RtlConfig Config { get; }

    /// <summary>Signed codes [segment][column][row].</summary>
    public int[][][] Codes { get; }

    /// <summary>Block scales [segment][column][block].</summary>
    public byte[][][] Scales { get; }

    /// <summary>Signed activations [vector][segment][row].</summary>
    public int[][][] Vectors { get; }

    /// <summary>Random codes, scales and vectors; one vector in three is at the ends of its range, so that narrow accumulators
    /// saturate.</summary>
    /// <param name="config">Parameters.</param>
    /// <param name="seed">Seed; the same seed gives the same case everywhere.</param>
    /// <param name="vectors">Vectors to play.</param>
    public static RtlCase Random(RtlConfig config, int seed, int vectors = 3)
    {
        var result = new RtlCase(config, vectors);
        var random = new Random(seed);
        int low = -(1 << (config.CodeBits - 1)),
            high = -low;
        for (var s = 0; s < config.Segments; s++)
        for (var c = 0; c < config.Columns; c++)
        {
            // Columns of one sign saturate, columns of mixed sign come back from it.
            var bias = random.Next(3);
            foreach (ref var code in result.Codes[s][c].AsSpan())
                code = bias switch
                {
                    0 => random.Next(0, high),
                    1 => random.Next(low, 0),
                    _ => random.Next(low, high),
                };
            random.NextBytes(result.Scales[s][c]);
        }

        result.FillVectors(random);
        return result;
    }

    /// <summary>The banks of one output segment of a chip, with random vectors.</summary>
    /// <param name="image">Chip.</param>
    /// <param name="tensor">Name of the port.</param>
    /// <param name="outputSegment">Output segment of the port.</param>
    /// <param name="seed">Seed of the vectors.</param>
    /// <param name="vectors">Vectors to play.</param>
    /// <exception cref="InputException">No such port or segment, or the port is not in one of the fabric's formats.</exception>
    public static RtlCase FromChip(MaskImage image, string tensor, int outputSegment, int seed, int vectors = 3)
    {
        var port = image.Port(tensor);
        var format = CodeFormats.Named(port.Format);
        if (format.GgmlType >= 0)
            throw new InputException(
                $"port {tensor} is stored as {port.Format}, which the banks' Verilog does not decode; compile with --weights rom4 or "
                    + "another rom format"
            );
        if (outputSegment < 0 || outputSegment >= port.OutputSegments)
            throw new InputException($"port {tensor} has output segments 0 to {port.OutputSegments - 1}, not {outputSegment}");
        var columns = WeightsLayer.Columns(port, outputSegment);
        var result = new RtlCase(RtlConfig.For(image.Fabric, port, format.CodeBits, columns), vectors);
        for (var s = 0; s < port.InputSegments; s++)
        {
            var bank = BankContents.Of(image, image.Site(port, s, outputSegment));
            for (var c = 0; c < columns; c++)
            {
                bank.Codes[c].CopyTo(result.Codes[s][c], 0);
                bank.Scales[c].CopyTo(result.Scales[s][c], 0);
            }
        }

        result.FillVectors(new Random(seed));
        return result;
    }

    /// <summary>Sums of all columns for a vector, by <see cref="BankArithmetic"/>.</summary>
    /// <param name="vector">Index of the vector.</param>
    public long[] Expected(int vector)
    {
        var result = new long[Config.Columns];
        Span<long> sums = stackalloc long[Config.Segments];
        for (var c = 0; c < result.Length; c++)
        {
            for (var s = 0; s < sums.Length; s++)
                sums[s] = BankArithmetic.Column(Codes[s][c], Scales[s][c], Vectors[vector][s], Config.AccumulatorBits);
            result[c] = BankArithmetic.Reduce(sums, Config.PartialSumBits);
        }

        return result;
    }

    /// <summary>Columns whose accumulator or reduction met its limit at least once, over all vectors.</summary>
    public int SaturatedColumns()
    {
        var count = 0;
        for (var v = 0; v < Vectors.Length; v++)
        {
            var expected = Expected(v);
            for (var c = 0; c < Config.Columns; c++)
            {
                long exact = 0;
                for (var s = 0; s < Config.Segments; s++)
                    exact += BankArithmetic.Column(Codes[s][c], Scales[s][c], Vectors[v][s], 62);
                if (exact != expected[c])
                    count++;
            }
        }

        return count;
    }

    private void FillVectors(Random random)
    {
        var limit = (1 << (Config.ActivationBits - 1)) - 1;
        for (var v = 0; v < Vectors.Length; v++)
            foreach (var segment in Vectors[v])
            foreach (ref var a in segment.AsSpan())
                a = v % 3 == 1 ? limit : random.Next(-limit, limit + 1);
    }
}
