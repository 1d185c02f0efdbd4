using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using TaalasSim.ChipModel.Files;
using TaalasSim.Cli.Options;
using TaalasSim.Cli.Terminal;
using TaalasSim.Compiler.Tokenizer;
using TaalasSim.Runtime.Card.Protocol;
using TaalasSim.Runtime.Functional;
using TaalasSim.Runtime.Host.Driver;
using TaalasSim.Runtime.Kernels.Contract;
using TaalasSim.Runtime.Quality;

namespace TaalasSim.Cli.Commands;

/// <summary><c>perplexity CHIP -f FILE</c>: how well the chip predicts a text, and how far it is from another model or from its own
/// reference arithmetic.</summary>
internal sealed class PerplexityCommand
{
    private readonly Argument<string> _chip = new("CHIP") { Description = "Folder of a chip image." };
    private readonly Option<string?> _file = new("-f", "--file")
    {
        Description = "Text file, read as bytes like llama-perplexity does; - reads standard input.",
        HelpName = "FILE",
    };
    private readonly NumberOption<int> _context = CommonOptions.ChunkTokens();
    private readonly NumberOption<int> _chunks = CommonOptions.Chunks();
    private readonly Option<string?> _basis = new OutputOption<string?>("--kl-divergence-base", "--kl-base")
    {
        Description = "File of log-probabilities (llama.cpp's format): written, or read with --kl-divergence.",
        HelpName = "FILE",
    };
    private readonly Option<bool> _divergence = new("--kl-divergence")
    {
        Description = "Compare with the file of --kl-divergence-base, which also holds the text.",
    };
    private readonly Option<string?> _baseline = new("--baseline")
    {
        Description = "Compare with the same chip in that arithmetic.",
        HelpName = "reference",
    };
    private readonly SimulationOptions _simulation = new();
    private readonly Option<bool> _json = CommonOptions.Json();

    public static Command Create()
    {
        var self = new PerplexityCommand();
        self._baseline.AcceptOneOf("reference");
        var command = new Command(
            "perplexity",
            "Measure perplexity and KL divergence as llama-perplexity does. Example: ./taalas perplexity stories.chip -f "
                + "chips/demo/story.txt -c 256 --numerics hardware --baseline reference"
        )
        {
            self._chip,
            self._file,
            self._context,
            self._chunks,
            self._basis,
            self._divergence,
            self._baseline,
            self._json,
        };
        self._simulation.AddKernelsTo(command);
        command.SetAction((parsed, cancel) => Task.FromResult(self.Run(parsed, cancel)));
        return command;
    }

    private int Run(ParseResult parsed, CancellationToken cancel)
    {
        var folder = parsed.GetRequiredValue(_chip);
        var numerics = _simulation.NumericsOf(parsed);
        var threads = _simulation.ThreadsOf(parsed);
        using var opened = WiredChip.Open(folder, cancel);
        using var kernels = _simulation.KernelsOf(parsed, opened.Description, numerics, threads);
        var tokenizer = TextTokenizer.Create(
            TokenizerDataFile.Read(File.ReadAllBytes(Path.Combine(folder, opened.Description.Files.Tokenizer.Name)))
        );
        var run = new Session(opened, kernels, numerics, parsed.GetValue(_json), cancel);
        TextChunks Text() =>
            TextChunks.Cut(
                tokenizer,
                PromptText.Bytes(parsed.GetValue(_file) ?? throw new InputException("which text should the chip read? give -f FILE")),
                CommonOptions.ChunkTokensOf(parsed, _context, opened.LargestContext),
                parsed.GetValue(_chunks),
                parsed.GetValue(_file)!
            );
        var path = parsed.GetValue(_basis);
        if (parsed.GetValue(_divergence))
        {
            if (parsed.GetValue(_baseline) is not null)
                throw new InputException("--kl-divergence and --baseline are alternatives; give one of them");
            using var reader = LogProbabilityReader.Open(
                path ?? throw new InputException("--kl-divergence needs --kl-divergence-base FILE"),
                tokenizer.AddsBos ? tokenizer.BosId : -1
            );
            return run.Compare(reader);
        }

        if (parsed.GetValue(_baseline) is null)
            return run.Score(Text(), path);
        if (path is not null)
            throw new InputException("--kl-divergence-base is written by a run without --baseline");
        using var reference = _simulation.KernelsOf(parsed, opened.Description, Numerics.Reference, threads);
        return run.Against(reference, Text());
    }

    private sealed class Session(WiredChip chip, IKernelSet kernels, Numerics numerics, bool json, CancellationToken cancel)
    {
        private readonly Stopwatch _watch = Stopwatch.StartNew();

        public int Score(TextChunks text, string? basePath)
        {
            var perplexity = new RunningPerplexity();
            var running = new List<double>();
            void Evaluate(LogProbabilityWriter? writer)
            {
                using var pass = new ChunkPass(chip, kernels, text.Context);
                Chunks(text, chunk =>
                {
                    pass.Evaluate(
                        text,
                        chunk,
                        (_, logits, next) =>
                        {
                            if (writer is null)
                                perplexity.Add(logits, next);
                            else
                                perplexity.Add(writer.Write(logits, next));
                        },
                        cancel
                    );
                    Finite(perplexity.Perplexity, chunk);
                    running.Add(perplexity.Perplexity.Value);
                    return PerplexityText.Chunk(chunk + 1, perplexity.Perplexity);
                });
            }

            if (basePath is null)
                Evaluate(null);
            else
                AtomicFile.Write(basePath, stream =>
                    Evaluate(new LogProbabilityWriter(stream, text, chip.Description.Model.VocabularySize))
                );
            if (json)
                Json.Write(
                    new
                    {
                        Perplexity = perplexity.Perplexity,
                        perplexity.Count,
                        Running = running,
                        Text = Of(text),
                        Host = Host(),
                    }
                );
            else
                Console.Out.WriteLine($"\n{PerplexityText.Final(perplexity.Perplexity)}");
            return ExitCode.Done;
        }

        public int Compare(LogProbabilityReader reader)
        {
            if (reader.VocabularySize != chip.Description.Model.VocabularySize)
                throw new InputException(
                    $"--kl-divergence-base: its vocabulary has {reader.VocabularySize} tokens, the chip's "
                        + $"{chip.Description.Model.VocabularySize}; compare models of one vocabulary"
                );
            var divergence = new RunningDivergence();
            using var pass = new ChunkPass(chip, kernels, reader.Text.Context);
            return Diverge(reader.Text, divergence, chunk =>
                pass.Evaluate(reader.Text, chunk, (_, logits, next) => divergence.Add(logits, reader.Next(), next), cancel)
            );
        }

        public int Against(IKernelSet reference, TextChunks text)
        {
            using var comparison = new ChunkComparison(chip, reference, kernels, text.Context);
            return Diverge(text, comparison.Divergence, chunk => comparison.Evaluate(text, chunk, cancel));
        }

        private int Diverge(TextChunks text, RunningDivergence divergence, Action<int> evaluate)
        {
            var rows = new List<DivergenceRow>();
            if (!json)
                Console.Out.WriteLine(PerplexityText.DivergenceHeading);
            Chunks(text, chunk =>
            {
                evaluate(chunk);
                Finite(divergence.Row.Perplexity, chunk);
                Finite(divergence.Row.Divergence, chunk);
                rows.Add(divergence.Row);
                return PerplexityText.Row(chunk + 1, divergence.Row) + "\n";
            });
            var s = divergence.Summary();
            if (json)
            {
                Json.Write(
                    new
                    {
                        s.Final.Perplexity,
                        divergence.Count,
                        s.PerplexityBase,
                        s.Correlation,
                        s.Ratio,
                        s.Difference,
                        s.Final.LogRatio,
                        s.Final.Divergence,
                        s.Final.RmsChange,
                        s.Final.SameTop,
                        s.MeanChange,
                        MaximumDivergence = s.Divergences[^1],
                        P99Divergence = DivergenceSummary.Percentile(s.Divergences, 0.99f),
                        MedianDivergence = DivergenceSummary.Median(s.Divergences),
                        Running = rows,
                        Text = Of(text),
                        Host = Host(),
                    }
                );
            }
            else if (divergence.Count >= PerplexityText.LeastPositions)
            {
                Console.Out.Write($"\n{PerplexityText.Summary(s)}");
            }

            return ExitCode.Done;
        }

        // Finite logits may still rule out the next token, or lie too far apart for a sum of squares.
        private static void Finite(Estimate estimate, int chunk)
        {
            if (!double.IsFinite(estimate.Value))
                throw new DriverException(StatusCode.NotANumber, $"the logits of chunk {chunk + 1} give no number");
        }

        private void Chunks(TextChunks text, Func<int, string> evaluate)
        {
            Say($"perplexity: {text.Count} chunks of {text.Context} tokens, {text.Scored} scored in each, on {kernels.Name}");
            using var line = new ProgressLine();
            for (var chunk = 0; chunk < text.Count; chunk++)
            {
                line.Show($"chunk {chunk + 1} of {text.Count}", (double)chunk / text.Count);
                var shown = evaluate(chunk);
                if (chunk == 0)
                    Say(
                        string.Create(
                            CultureInfo.InvariantCulture,
                            $"perplexity: {_watch.Elapsed.TotalSeconds:F2} seconds per pass - ETA "
                                + $"{_watch.Elapsed.TotalMinutes * text.Count:F2} minutes"
                        )
                    );
                if (!json)
                    Console.Out.Write(shown);
            }
        }

        private void Say(string line)
        {
            if (!json)
                Console.Error.WriteLine(line);
        }

        private static object Of(TextChunks text) =>
            new
            {
                text.Context,
                Chunks = text.Count,
                ScoredPerChunk = text.Scored,
                AddsBos = text.Bos >= 0,
            };

        private object Host() =>
            new
            {
                WallS = _watch.Elapsed.TotalSeconds,
                Backend = kernels.Name,
                Numerics = numerics,
            };
    }
}
