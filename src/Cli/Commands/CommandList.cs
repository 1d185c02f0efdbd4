using System.CommandLine;

namespace TaalasSim.Cli.Commands;

/// <summary>Every command, in the order in which a person meets them.</summary>
internal static class CommandList
{
    public static IEnumerable<Command> All() =>
        [
            DemoCommand.Create(),
            InspectCommand.Create(),
            PullCommand.Create(),
            CacheCommand.Create(),
            ConvertCommand.Create(),
            QuantizeCommand.Create(),
            FitCommand.Create(),
            CompileCommand.Create(),
            RunCommand.Create(),
            ForecastCommand.Create(),
            ServeCommand.Create(),
            DeviceCommand.Create(),
            CompareCommand.Create(),
            ReplayCommand.Create(),
            AdviseCommand.Create(),
            SweepCommand.Create(),
            ReportCommand.Create(),
            ExportCommand.Create(),
            ImportCommand.Create(),
            VerifyRtlCommand.Create(),
            BenchCommand.Create(),
            PerplexityCommand.Create(),
            CurveCommand.Create(),
            ValidateCommand.Create(),
            CostCommand.Create(),
            DiffCommand.Create(),
            KeyCommand.Create(),
            ListCommand.Create(),
            InitCommand.Create(),
            CompletionCommand.Create(),
        ];
}
