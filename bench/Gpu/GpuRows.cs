using System.Diagnostics;
using System.Globalization;
using TaalasSim.Bench.Kernels;
using TaalasSim.ChipModel.Formats;
using TaalasSim.Runtime.Kernels.Contract;
using TaalasSim.Runtime.Kernels.Select;

namespace TaalasSim.Bench.Gpu;

/// <summary>
/// Times of single kernels of a CUDA device as rows of a table: products of each format by vectors, attention by context, copies, launches,
/// each with the card's watts where it tells them. One row: card, kernel, format, m (vectors), n (outputs), k (inputs), heads, kv_heads,
/// head_dim, context, bytes, us, watts; cells that do not apply are empty.
/// </summary>
internal sealed class GpuRows : IDisposable
{
    /// <summary>A kernel runs for so long, so that the power settles.</summary>
    private const double Seconds = 0.4;

    private readonly IKernelSet kernels = KernelBackends.Create(KernelBackends.IlgpuCuda, Numerics.Reference, null, 2);
    private readonly GpuPower? power = GpuPower.Open();
    private readonly TextWriter to;
    private readonly string card;

    private GpuRows(TextWriter to)
    {
        this.to = to;
        card = kernels.Name.Replace("ilgpu (", "", StringComparison.Ordinal).TrimEnd(')').Replace(",", " ", StringComparison.Ordinal);
    }

    /// <summary>Measures everything and writes the table.</summary>
    public static void Run(TextWriter to, IReadOnlyList<string> formats)
    {
        using var rows = new GpuRows(to);
        to.WriteLine("card,kernel,format,m,n,k,heads,kv_heads,head_dim,context,bytes,us,watts");
        rows.Ceilings();
        foreach (var format in formats)
            rows.Matrices(CodeFormats.Named(format));
        rows.Attentions();
    }

    public void Dispose() => kernels.Dispose();

    private void Ceilings()
    {
        var bandwidth = GpuCopy.ReadBytesPerSecond();
        Write("read", "", ["", "", "", "", "", "", ""], 1_000_000_000, 1e15 / bandwidth, null);
        var (stream, alone) = GpuCopy.LaunchSeconds();
        Write("launch", "", ["", "", "", "", "", "", ""], 0, stream * 1e6, null);
        Write("launch_alone", "", ["", "", "", "", "", "", ""], 0, alone * 1e6, null);
    }

    private void Matrices(CodeFormat format)
    {
        foreach (var (n, k) in ((int, int)[])[(768, 768), (2048, 2048), (4096, 4096), (14_336, 4096), (4096, 14_336), (128_256, 4096)])
        {
            using var random = new RandomMatrix(format, k, n, new Random(3));
            using var w = kernels.Bind(random.Banked);
            foreach (var m in (int[])[1, 2, 8, 64, 512])
            {
                if ((long)m * n * k > 1L << 38)
                    continue;
                using var x = Floats(m * k);
                using var y = kernels.Allocate(m * n);
                var (seconds, watts) = Time(() => kernels.MatMul(w, x, m, y), y);
                Write("matrix", format.Name, [Text(m), Text(n), Text(k), "", "", "", ""], random.Bytes, seconds * 1e6, watts);
            }
        }
    }

    private void Attentions()
    {
        const int Heads = 32,
            KvHeads = 8,
            HeadSize = 128;
        foreach (var context in (int[])[128, 1024, 4096, 16_384])
        {
            using var cache = kernels.AllocateCache(1, KvHeads * HeadSize, KvHeads * HeadSize, KvHeads, context);
            using var q = Floats(Heads * HeadSize);
            using var y = kernels.Allocate(Heads * HeadSize);
            var shape = new AttentionShape
            {
                Heads = Heads,
                KvHeads = KvHeads,
                HeadSize = HeadSize,
                ValueHeadSize = HeadSize,
                Scale = 0.09f,
            };
            var (seconds, watts) = Time(() => kernels.Attention(cache, shape, 0, context - 1, 1, q, y), y);
            Write(
                "decode_attention",
                "f16",
                ["1", "", "", Text(Heads), Text(KvHeads), Text(HeadSize), Text(context)],
                4L * KvHeads * HeadSize * context,
                seconds * 1e6,
                watts
            );
        }
    }

    private IKernelBuffer Floats(int count)
    {
        var random = new Random(5);
        var buffer = kernels.Allocate(count);
        buffer.Write([.. Enumerable.Range(0, count).Select(_ => random.NextSingle() - 0.5f)]);
        return buffer;
    }

    /// <summary>Mean seconds of launches that follow each other, and the mean of the watts in the second half.</summary>
    private (double Seconds, double? Watts) Time(Action action, IKernelBuffer result)
    {
        var one = new float[1];
        action();
        result.Read(0, one);
        var times = 1;
        double total;
        for (; ; times *= 2)
        {
            var from = Stopwatch.GetTimestamp();
            for (var i = 0; i < times; i++)
                action();
            result.Read(0, one);
            total = Stopwatch.GetElapsedTime(from).TotalSeconds;
            if (total > Seconds / 8)
                break;
        }

        var watts = new List<double>();
        var start = Stopwatch.GetTimestamp();
        var runs = 0;
        while (Stopwatch.GetElapsedTime(start).TotalSeconds < Seconds)
        {
            for (var i = 0; i < times; i++)
                action();
            if (Stopwatch.GetElapsedTime(start).TotalSeconds > Seconds / 2 && power?.Watts() is { } now)
                watts.Add(now);
            result.Read(0, one);
            runs += times;
        }

        return (Stopwatch.GetElapsedTime(start).TotalSeconds / runs, watts.Count > 0 ? watts.Average() : null);
    }

    private void Write(string kernel, string format, string[] shape, long bytes, double microseconds, double? watts) =>
        to.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{card},{kernel},{format},{string.Join(',', shape)},{bytes},{microseconds:G6},{watts:F0}"
            )
        );

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
