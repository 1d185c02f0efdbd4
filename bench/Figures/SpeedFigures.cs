using TaalasSim.Bench.Kernels;
using TaalasSim.Bench.Models;

namespace TaalasSim.Bench.Figures;

/// <summary>
/// Decoding and prompt processing end to end: <c>taalas bench</c> in reference numerics and, turn by turn, the peer on the same file. Both
/// run in processes of their own, so that a disturbed machine disturbs both; the ratio is the median over neighbouring turns.
/// </summary>
internal static class SpeedFigures
{
    public static IReadOnlyList<SpeedRow> Measure(FigureOptions options)
    {
        var rows = new List<SpeedRow>();
        foreach (var threads in options.Threads)
        {
            var bandwidth = StreamBandwidth.Measure(threads);
            var dots = ByteDotPeak.Measure() * Math.Min(threads, Environment.ProcessorCount);
            foreach (var format in options.Formats)
            {
                var model = Images.Model(options, LlamaShape.Small, format);
                var chip = Images.Chip(options, LlamaShape.Small, format);
                var ours = new List<(double Prompt, double Generation)>();
                var peers = new List<(double Prompt, double Generation)>();
                for (var i = 0; i < options.Repeat; i++)
                {
                    Console.Error.WriteLine($"{format}, {threads} threads, turn {i + 1} of {options.Repeat}");
                    ours.Add(BenchProgram.Measure(a => Child.Taalas(["bench", chip, .. a]), threads));
                    if (options.Peer is { } peer)
                        peers.Add(BenchProgram.Measure(a => Child.Run(peer, ["-m", model, .. a]), threads));
                    // The machine's best is its ceiling.
                    bandwidth = Math.Max(bandwidth, StreamBandwidth.Measure(threads));
                }

                var work = new ChipWork(chip);
                var hasDots = dots > 0 && format != "f16";
                rows.Add(
                    Row("tg128", r => r.Generation, work.TouchedBytes + work.KvBytes(BenchProgram.Generated / 2), work.DecodeProducts)
                );
                rows.Add(
                    Row("pp512", r => r.Prompt, (double)work.TouchedBytes / BenchProgram.Prompt, work.PromptProducts(BenchProgram.Prompt))
                );

                SpeedRow Row(string test, Func<(double Prompt, double Generation), double> rate, double bytes, double products)
                {
                    var median = Statistics.Median(ours.Select(rate));
                    return new SpeedRow
                    {
                        Format = format,
                        Threads = threads,
                        Test = test,
                        TokensPerSecond = median,
                        PeerTokensPerSecond = peers.Count > 0 ? Statistics.Median(peers.Select(rate)) : null,
                        BestTokensPerSecond = ours.Max(rate),
                        PeerBestTokensPerSecond = peers.Count > 0 ? peers.Max(rate) : null,
                        Ratio = peers.Count > 0 ? Statistics.Median(ours.Zip(peers, (a, b) => rate(a) / rate(b))) : null,
                        BytesPerSecond = median * bytes,
                        ShareOfBandwidth = median * bytes / bandwidth,
                        ProductsPerSecond = median * products,
                        ShareOfDots = hasDots ? median * products / dots : null,
                    };
                }
            }
        }

        return rows;
    }
}
