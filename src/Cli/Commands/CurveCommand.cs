using System.CommandLine;
using System.Globalization;
using TaalasSim.ChipModel.Fabric;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Units;
using TaalasSim.Cli.Options;
using TaalasSim.Cli.Terminal;
using TaalasSim.Compiler.Quantize;
using TaalasSim.Compiler.Steps;
using TaalasSim.Reports.Charts;
using TaalasSim.Runtime.Kernels.Contract;
using TaalasSim.Runtime.Quality;

namespace TaalasSim.Cli.Commands;

/// <summary><c>curve MODEL -f FILE</c>: what each width of the fabric's arithmetic costs in quality.</summary>
internal sealed class CurveCommand
{
    private static readonly IReadOnlyDictionary<string, QualityAxis> Axes = new SortedDictionary<string, QualityAxis>(
        StringComparer.Ordinal
    )
    {
        ["weights"] = QualityAxis.WeightBits,
        ["activations"] = QualityAxis.ActivationBits,
        ["kv"] = QualityAxis.KvBits,
        ["accumulator"] = QualityAxis.AccumulatorBits,
    };

    private readonly Argument<string> _model = CommonOptions.Model(
        "A GGUF file, the folder of a Hugging Face model, or hf:USER/NAME[:QUANT]."
    );
    private readonly Option<string> _file = new("-f", "--file")
    {
        Description = "Text file, UTF-8.",
        HelpName = "FILE",
        Required = true,
    };
    private readonly Option<string> _axis = new("--axis")
    {
        Description = $"What to vary, comma-separated: {string.Join(", ", Axes.Keys)}.",
        HelpName = "NAMES",
        DefaultValueFactory = _ => "weights,activations,kv,accumulator",
    };
    private readonly Option<string?> _bits = new("--bits")
    {
        Description = "Widths of a single axis, such as 8,6,4 or 4-12+2; default: a useful selection.",
        HelpName = "LIST",
    };
    private readonly Option<string> _weights = new("--weights")
    {
        Description =
            "How weights are stored on the other axes: a code format, or preserve (the GGUF's own codes, which no accumulator width "
            + "affects).",
        HelpName = "FORMAT",
        DefaultValueFactory = _ => "rom8",
    };
    private readonly NumberOption<int> _context = CommonOptions.ChunkTokens();
    private readonly NumberOption<int> _chunks = CommonOptions.Chunks();
    private readonly NumberOption<int> _threads = CommonOptions.Threads();
    private readonly FabricChoice _fabric = FabricChoice.SmallFirst();
    private readonly NumberOption<int> _chips = CommonOptions.Chips();
    private readonly Option<string?> _csv = new OutputOption<string?>("--csv")
    {
        Description = "Write the points as a table.",
        HelpName = "FILE",
    };
    private readonly Option<string?> _picture = new OutputOption<string?>("--picture")
    {
        Description = "Draw KL divergence over bits, a curve for each axis; a .png or .svg file.",
        HelpName = "FILE",
    };
    private readonly Option<bool> _json = CommonOptions.Json();

    public static Command Create()
    {
        var self = new CurveCommand();
        var command = new Command(
            "curve",
            "Measure how bit widths affect quality: perplexity, KL divergence and top-1 agreement with the unquantised model, over "
                + "the bits of weights, activations, keys and values, and accumulators. Example: ./taalas curve "
                + "chips/demo/stories.gguf -f chips/demo/story.txt -c 256 --csv curve.csv --picture curve.svg"
        )
        {
            self._model,
            self._file,
            self._axis,
            self._bits,
            self._weights,
            self._context,
            self._chunks,
            self._threads,
            self._fabric.Option,
            self._chips,
            self._csv,
            self._picture,
            self._json,
        };
        command.SetAction((parsed, cancel) => Task.FromResult(self.Run(parsed, cancel)));
        return command;
    }

    private int Run(ParseResult parsed, CancellationToken cancel)
    {
        if (parsed.GetValue(_picture) is { } wrong && !Picture.IsPictureName(wrong))
            throw new InputException($"--picture {wrong}: name a .png or .svg file");
        var host = parsed.GetValue(_threads);
        var path = parsed.GetRequiredValue(_file);
        var text = PromptText.Decode(PromptText.Bytes(path), PromptText.Name(path));
        var wanted = Wanted(parsed.GetValue(_axis)!, parsed.GetValue(_bits));
        using var source = ModelInput.Open(parsed.GetRequiredValue(_model), cancel);
        var spec = _fabric.For(parsed, source.Path, parsed.GetValue(_weights), parsed.GetValue(_chips));
        var points = Measure(
            source.Path,
            spec,
            (text, path),
            wanted,
            parsed.GetValue(_weights)!,
            CommonOptions.ChunkTokensOf(parsed, _context, ContextOf(source.Path, spec)),
            parsed.GetValue(_chunks),
            CommonOptions.HostThreads(host),
            cancel
        );
        if (parsed.GetValue(_csv) is { } table)
            AtomicFile.WriteText(table, Csv(points));
        if (parsed.GetValue(_picture) is { } drawn)
            Draw(Path.GetFileName(source.Path), points, drawn);
        if (parsed.GetValue(_json))
            Json.Write(
                new
                {
                    Points = points.Select(p => new
                    {
                        Axis = Name(p.Axis),
                        p.Bits,
                        p.Row.Perplexity,
                        p.Row.Divergence,
                        p.Row.SameTop,
                        p.Row.LogRatio,
                        p.Row.RmsChange,
                    }),
                    Csv = parsed.GetValue(_csv),
                    Picture = parsed.GetValue(_picture),
                }
            );
        else
            Print(points, HardwareNumerics.Of(spec), parsed.GetValue(_weights)!);
        return ExitCode.Done;
    }

    private static List<(QualityAxis Axis, IReadOnlyList<int> Widths)> Wanted(string names, string? bits)
    {
        var list = new List<(QualityAxis, IReadOnlyList<int>)>();
        foreach (var name in names.Split(',', StringSplitOptions.TrimEntries).Distinct(StringComparer.Ordinal))
        {
            if (!Axes.TryGetValue(name, out var axis))
                throw new InputException($"--axis: '{name}' is none of {string.Join(", ", Axes.Keys)}");
            var widths = bits is null ? QualityCurve.Widths(axis) : NumberList.Parse("--bits", bits);
            foreach (var width in widths)
                if (!Allows(axis, width))
                    throw new InputException($"--bits {width}: {name} take {Range(axis)}");
            list.Add((axis, widths));
        }

        return bits is null || list.Count == 1
            ? list
            : throw new InputException("--bits gives the widths of one axis; name it with --axis");
    }

    private static bool Allows(QualityAxis axis, int bits) =>
        axis switch
        {
            QualityAxis.ActivationBits => bits is >= 2 and <= 16,
            QualityAxis.KvBits => bits is 4 or 8 or 16,
            QualityAxis.AccumulatorBits => bits is >= 8 and <= 32,
            _ => bits is (>= 2 and <= 6) or 8,
        };

    private static string Range(QualityAxis axis) =>
        axis switch
        {
            QualityAxis.ActivationBits => "2 to 16",
            QualityAxis.KvBits => "4, 8 or 16",
            QualityAxis.AccumulatorBits => "8 to 32",
            _ => "2 to 6, or 8",
        };

    private static List<QualityPoint> Measure(
        string model,
        FabricSpec fabric,
        (string Content, string Path) text,
        List<(QualityAxis Axis, IReadOnlyList<int> Widths)> wanted,
        string weights,
        int context,
        int chunks,
        int threads,
        CancellationToken cancel
    )
    {
        using var line = new ProgressLine();
        line.Show("Reference");
        using var curve = QualityCurve.Open(model, fabric, text.Content, text.Path, context, chunks, threads, cancel);
        var points = new List<QualityPoint>();
        foreach (var (axis, widths) in wanted)
            points.AddRange(
                curve.Measure(
                    axis,
                    widths,
                    axis == QualityAxis.WeightBits ? ChooseCodeFormats.Preserve : weights,
                    line.Of(Name(axis)),
                    cancel
                )
            );
        return points;
    }

    private static int ContextOf(string model, FabricSpec fabric)
    {
        using var source = ChipsFolder.Library.Open(model, new CompileOptions { Fabric = fabric, Weights = fabric.DefaultWeights });
        return Math.Min(source.Graph.Shape.ContextLength, fabric.Card.MaximumContext);
    }

    private static void Print(List<QualityPoint> points, HardwareNumerics fabric, string weights)
    {
        var table = new TextTable().Words("varied").Numbers("bits").Numbers("perplexity").Numbers("KL divergence").Numbers("same top");
        foreach (var p in points)
            table.Row(
                Name(p.Axis),
                p.Bits.ToString(CultureInfo.InvariantCulture),
                Text(p.Row.Perplexity, "F4"),
                Text(p.Row.Divergence, "F6"),
                string.Create(CultureInfo.InvariantCulture, $"{100 * p.Row.SameTop.Value:F2} %")
            );
        table.Write(Console.Out, indent: 0);
        Console.Out.WriteLine();
        Console.Out.WriteLine(
            $"Fixed: weights {weights}, activations of {fabric.ActivationBits} bits, KV of {fabric.KvBits}, accumulators of "
                + $"{fabric.AccumulatorBits}."
        );
        Console.Out.WriteLine("Accumulators saturate: if sums outgrow them, for example with wide activations, quality falls.");
    }

    private static string Csv(List<QualityPoint> points) =>
        string.Concat(
            points
                .Select(p =>
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{Name(p.Axis)},{p.Bits},{p.Row.Perplexity.Value:R},{p.Row.Perplexity.Error:R},"
                            + $"{p.Row.Divergence.Value:R},{p.Row.Divergence.Error:R},{p.Row.SameTop.Value:R}\n"
                    )
                )
                .Prepend("axis,bits,perplexity,perplexity_error,kl_divergence_nats,kl_divergence_error_nats,same_top_share\n")
        );

    private static void Draw(string model, List<QualityPoint> points, string path)
    {
        using var chart = SeriesChart.Draw(
            new SeriesData
            {
                Title = $"Quality of {model}",
                XLabel = "bits",
                YLabel = "KL divergence (nats)",
                LogY = points.TrueForAll(p => p.Row.Divergence.Value > 0),
                Curves =
                [
                    .. points
                        .GroupBy(p => p.Axis)
                        .Select(g => new Series(
                            Name(g.Key),
                            [.. g.OrderBy(p => p.Bits).Select(p => new SeriesPoint(p.Bits, Around(p.Row.Divergence)))]
                        )),
                ],
            }
        );
        chart.SaveAs(path);
    }

    // A standard error to either side; a divergence has no lower end below a tenth of itself.
    private static UncertaintyRange Around(Estimate e) => new(e.Value, Math.Max(e.Value - e.Error, 0.1 * e.Value), e.Value + e.Error);

    private static string Text(Estimate e, string format) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{e.Value.ToString(format, CultureInfo.InvariantCulture)} ± {e.Error.ToString(format, CultureInfo.InvariantCulture)}"
        );

    private static string Name(QualityAxis axis) => Axes.Single(a => a.Value == axis).Key;
}
