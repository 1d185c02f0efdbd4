using System.CommandLine;
using TaalasSim.ChipModel.Files;
using TaalasSim.Cli.Options;
using TaalasSim.Cli.Terminal;
using TaalasSim.Reports.Charts;
using TaalasSim.Reports.Compare;
using TaalasSim.Reports.Traces;

namespace TaalasSim.Cli.Commands;

/// <summary><c>replay CHIP|MODEL</c>: a trace of requests on the chip, on GPUs and on pairs of both.</summary>
internal sealed class ReplayCommand
{
    private readonly DesignOptions _design = new();
    private readonly TrafficOptions _traffic = new();
    private readonly Option<string?> _csv = new OutputOption<string?>("--csv")
    {
        Description = "Write every figure of every configuration as a table.",
        HelpName = "FILE",
    };
    private readonly Option<string> _against = CommonOptions.Against();
    private readonly NumberOption<int> _gpuCards = CommonOptions.GpuCards();
    private readonly Option<bool> _pairs = new("--pairs")
    {
        Description = "Also pair each GPU with the chip: prompts on the GPU, answers on the chip, keys and values over the card's link.",
    };
    private readonly Option<string> _replicas = new("--replicas")
    {
        Description = "Equal systems that take requests in turn, comma-separated: a configuration each.",
        DefaultValueFactory = _ => "1",
        HelpName = "N,…",
    };
    private readonly NumberOption<int> _threads = CommonOptions.Threads();
    private readonly Option<string?> _picture = new OutputOption<string?>("--picture")
    {
        Description = "Draw the time to the first token over rate or replicas, or its percentiles; a .png or .svg file.",
        HelpName = "FILE",
    };
    private readonly Option<bool> _json = CommonOptions.Json();

    public static Command Create()
    {
        var self = new ReplayCommand();
        var command = new Command(
            "replay",
            "Replay requests on a chip's user slots, on GPUs with their engines and on pairs of both: percentiles of TTFT, TPOT and "
                + "latency, utilisation, watts and dollars. "
                + "Example: ./taalas replay llama-3.1-8b --against h200 --rate 1,4,16 --output-tokens 250"
        );
        self._design.AddTo(command);
        self._traffic.AddTo(command);
        foreach (
            var option in new Option[]
            {
                self._against,
                self._gpuCards,
                self._pairs,
                self._replicas,
                self._threads,
                self._csv,
                self._picture,
                self._json,
            }
        )
            command.Options.Add(option);
        command.SetAction((parsed, cancel) => Task.FromResult(self.Run(parsed, cancel)));
        return command;
    }

    private int Run(ParseResult parsed, CancellationToken cancel)
    {
        if (parsed.GetValue(_picture) is { } wrong && !Picture.IsPictureName(wrong))
            throw new InputException($"--picture {wrong}: name a .png or .svg file");
        var systems = new TraceSystems(
            CommonOptions.Gpus(parsed.GetValue(_against)!, parsed.GetValue(_gpuCards)),
            parsed.GetValue(_pairs),
            NumberLists.Of<int>(_replicas.Name, parsed.GetValue(_replicas)!, Ranges.Replicas)
        );
        var plan = _design.Plan(parsed);
        var traces = _traffic.Of(parsed, plan);
        var threads = CommonOptions.HostThreads(parsed.GetValue(_threads));
        TraceReport report;
        using (var line = new ProgressLine())
            report = ReplayTraces.Of(
                ChipsFolder.Library,
                plan,
                traces,
                systems,
                PriceTerms.Of(ChipsFolder.Library),
                threads,
                line.Of("Replay requests"),
                cancel
            );
        if (parsed.GetValue(_csv) is { } table)
            AtomicFile.WriteText(table, TraceTable.Csv(report));
        if (parsed.GetValue(_picture) is { } drawn && report.Rows.Any(r => r.Figures is not null))
        {
            using var chart = SeriesChart.Draw(TraceCurves.From(report));
            chart.SaveAs(drawn);
        }

        if (parsed.GetValue(_json))
            Json.Write(ReplayOutput.Document(report));
        else
            ReplayOutput.Write(report, Console.Out);
        return report.Rows.Any(r => r.Figures is not null) ? ExitCode.Done : ExitCode.No;
    }
}
