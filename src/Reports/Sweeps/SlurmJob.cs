using System.Globalization;
using System.Text;
using TaalasSim.ChipModel.Languages;

namespace TaalasSim.Reports.Sweeps;

/// <summary>The script of a job array for the scheduler Slurm: each task evaluates one shard, and tries three times.</summary>
public static class SlurmJob
{
    // A task whose node fails runs again.
    private const string Requeue = "--requeue\n";

    /// <summary>Name of the script in the folder of the sweep.</summary>
    public const string ScriptName = "slurm.sh";

    /// <summary>The script.</summary>
    /// <param name="name">Name of the sweep.</param>
    /// <param name="command">Program and first arguments that evaluate a shard; <c>--shard INDEX/COUNT</c> follows.</param>
    /// <param name="shards">Number of shards.</param>
    /// <param name="log">Folder of the tasks' output.</param>
    public static string Script(string name, IReadOnlyList<string> command, int shards, string log)
    {
        var count = shards.ToString(CultureInfo.InvariantCulture);
        var line = string.Join(' ', command.Select(ShellText.Word));
        // Directives are no shell: blanks would end a path there, so the output is named by an option of sbatch.
        return new StringBuilder()
            .Append("#!/bin/bash\n")
            .Append("#SBATCH " + Requeue)
            .Append(
                CultureInfo.InvariantCulture,
                $"# Sweep {NameGate.Visible(name)}, {count} shards; ./taalas sweep collect merges them.\n"
            )
            .Append(CultureInfo.InvariantCulture, $"mkdir -p {ShellText.Word(log)}\n")
            .Append("for try in 1 2 3; do\n")
            .Append(
                CultureInfo.InvariantCulture,
                $"  {line} --shard \"$SLURM_ARRAY_TASK_ID/{count}\" --threads \"${{SLURM_CPUS_PER_TASK:-1}}\"\n"
            )
            .Append("  code=$?\n")
            .Append("  # 2: bad input, which no repetition mends.\n")
            .Append("  if [ $code -eq 0 ] || [ $code -eq 2 ]; then exit $code; fi\n")
            .Append("done\n")
            .Append("exit $code\n")
            .ToString();
    }

    /// <summary>Indices as Slurm writes them: <c>0-3,7</c>.</summary>
    /// <param name="indices">Rising numbers.</param>
    public static string Array(IReadOnlyList<int> indices)
    {
        var parts = new List<string>();
        for (var i = 0; i < indices.Count; )
        {
            var last = i;
            while (last + 1 < indices.Count && indices[last + 1] == indices[last] + 1)
                last++;
            parts.Add(
                last == i
                    ? indices[i].ToString(CultureInfo.InvariantCulture)
                    : string.Create(CultureInfo.InvariantCulture, $"{indices[i]}-{indices[last]}")
            );
            i = last + 1;
        }

        return string.Join(',', parts);
    }
}
