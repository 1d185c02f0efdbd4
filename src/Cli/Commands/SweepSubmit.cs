using System.CommandLine;
using System.Globalization;
using TaalasSim.ChipModel.Files;
using TaalasSim.Cli.Options;
using TaalasSim.Cli.Terminal;
using TaalasSim.Compiler.Export;
using TaalasSim.Reports.Sweeps;

namespace TaalasSim.Cli.Commands;

/// <summary>Options of <c>sweep</c> that evaluate a sweep in shards, here or as a job array.</summary>
internal sealed class SweepSubmit
{
    private readonly Option<string?> _submit = new("--submit")
    {
        Description = "Submit the shards that lack points as a job array; slurm. Options of sbatch are given as SBATCH_… variables.",
        HelpName = "SCHEDULER",
    };
    private readonly NumberOption<int> _shards = new(Ranges.Shards, 0, "Shards of --submit: tasks of the job array.", "--shards");
    private readonly Option<string?> _shard = new("--shard")
    {
        Description = "Evaluate the points of one shard alone, as the tasks of a job array do; 'sweep collect' merges shards.",
        HelpName = "INDEX/COUNT",
    };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        _submit.AcceptOneOf("slurm");
        command.Options.Add(_submit);
        command.Options.Add(_shards);
        command.Options.Add(_shard);
    }

    /// <summary>Does what the options ask for; null where none is given.</summary>
    /// <param name="parsed">Command line.</param>
    /// <param name="path">Sweep description.</param>
    /// <param name="folder">Folder of the sweep.</param>
    /// <param name="draws">Draws, where they are given.</param>
    /// <param name="threads">Threads.</param>
    /// <param name="json">Whether a program reads the answer.</param>
    /// <param name="cancel">Stops.</param>
    /// <exception cref="InputException">Options that do not go together, or the scheduler refuses.</exception>
    public int? Run(ParseResult parsed, string path, string folder, int? draws, int threads, bool json, CancellationToken cancel)
    {
        var (submits, shards, shard) = (parsed.GetValue(_submit) is not null, parsed.GetValue(_shards), parsed.GetValue(_shard));
        if (submits && shard is not null)
            throw new InputException("--shard: is what the tasks of --submit do; give one of both");
        if (submits != shards > 0)
            throw new InputException(submits ? "--submit: into how many? give --shards N, too" : "--shards: belongs to --submit");
        if (shard is not null)
            return Evaluate(SweepShard.Parse(shard), path, folder, draws, threads, json, cancel);
        return submits ? Submit(shards, path, folder, draws, json, cancel) : null;
    }

    private static int Evaluate(SweepShard shard, string path, string folder, int? draws, int threads, bool json, CancellationToken cancel)
    {
        using var job = new SweepJob(path, draws, threads);
        using var line = new ProgressLine();
        var of = line.Of($"Shard {shard.Index} of sweep {job.Spec.Name}");
        var (points, resumed) = SweepShards.Evaluate(job.Spec, folder, shard, job.Evaluate, job.Options, of, cancel);
        if (json)
            Json.Write(
                new
                {
                    Folder = folder,
                    Shard = shard.Index,
                    Shards = shard.Count,
                    Points = points,
                    Resumed = resumed,
                }
            );
        else
            Console.Out.WriteLine($"{folder}: shard {shard.Index} of {shard.Count}, {points} points, {resumed} of an earlier run");
        return ExitCode.Done;
    }

    private static int Submit(int shards, string path, string folder, int? draws, bool json, CancellationToken cancel)
    {
        using var job = new SweepJob(path, draws, 1);
        var unfinished = SweepShards.Unfinished(job.Spec, folder, shards, job.Options);
        string? id = null;
        if (unfinished.Count > 0)
        {
            var full = Path.GetFullPath(folder);
            List<string> command = [.. Program(), "sweep", Path.GetFullPath(path), "-o", full];
            if (draws is { } given)
                command.AddRange(["--draws", given.ToString(CultureInfo.InvariantCulture)]);
            var log = Path.Combine(full, "shards");
            Directory.CreateDirectory(log);
            var script = Path.Combine(full, SlurmJob.ScriptName);
            AtomicFile.WriteText(script, SlurmJob.Script(job.Spec.Name, command, shards, log));
            string[] arguments =
            [
                "--parsable",
                "--job-name=taalas-sweep",
                $"--array={SlurmJob.Array(unfinished)}",
                $"--output={Path.Combine(log, "task-%a.log")}",
                script,
            ];
            id = ExternalTool.RunAsync("sbatch", arguments, full, cancel).GetAwaiter().GetResult().Output.Trim();
        }

        if (json)
            Json.Write(
                new
                {
                    Folder = folder,
                    Shards = shards,
                    Submitted = unfinished.Count,
                    Job = id,
                }
            );
        else
            Console.Out.WriteLine(
                id is null
                    ? $"{folder}: all {shards} shards are there; ./taalas sweep collect merges them"
                    : $"{folder}: job {id}, {unfinished.Count} of {shards} shards; give this command again for those that fail, and then "
                        + "'sweep collect'"
            );
        return ExitCode.Done;
    }

    // The program as it runs now: its own file, or the host of .NET with it.
    private static string[] Program()
    {
        var host = Environment.ProcessPath ?? throw new InputException("the path of this program is not known; it cannot be submitted");
        return Path.GetFileNameWithoutExtension(host) == "taalas-cli" ? [host] : [host, typeof(SweepSubmit).Assembly.Location];
    }
}
