using System.CommandLine;
using TaalasSim.Cli.Options;
using TaalasSim.Cli.Terminal;
using TaalasSim.Reports.Sweeps;

namespace TaalasSim.Cli.Commands;

/// <summary><c>sweep collect SPEC -o DIR</c>: shards into one sweep with its tables.</summary>
internal static class SweepCollectCommand
{
    public static Command Create()
    {
        var spec = new Argument<string>("SPEC") { Description = "Sweep description that the shards were made from." };
        var output = SweepCommand.Output();
        var draws = SweepCommand.Draws();
        var json = CommonOptions.Json();
        var command = new Command(
            "collect",
            "Merge the shards of a sweep and write its tables; says how many points are missing. "
                + "Example: ./taalas sweep collect chips/sweeps/demo.yaml -o out/sweep"
        )
        {
            spec,
            output,
            draws,
            json,
        };
        command.SetAction(
            (parsed, cancel) =>
            {
                var (path, folder) = (parsed.GetRequiredValue(spec), parsed.GetRequiredValue(output));
                var given = SweepCommand.GivenDraws(parsed, draws);
                int missing;
                using (var job = new SweepJob(path, given, 1))
                    missing = SweepShards.Collect(job.Spec, folder, job.Options);
                if (missing == 0)
                    return Task.FromResult(
                        SweepCommand.Tell(SweepCommand.Run(path, folder, given, 0, cancel), folder, parsed.GetValue(json))
                    );
                if (parsed.GetValue(json))
                    Json.Write(new { Folder = folder, Missing = missing });
                else
                    Console.Out.WriteLine(
                        $"{folder}: {missing} points are missing; submit the sweep again with the same options, and collect when its "
                            + "jobs have ended"
                    );
                return Task.FromResult(ExitCode.No);
            }
        );
        return command;
    }
}
