namespace TaalasSim.Cli.Options;

/// <summary>Options that had another name in the version before. They are still taken, with a word.</summary>
internal static class FormerOptions
{
    private static readonly (string Command, string Former, string Now)[] Renamed =
    [
        ("compare", "--output", "--output-tokens"),
        ("cost", "--output", "--output-tokens"),
        ("bench", "--output", "--format"),
        ("bench", "--output-err", "--format-err"),
        ("export", "--context", "--position"),
        ("perplexity", "--against", "--baseline"),
    ];

    /// <summary>Arguments with each former name replaced.</summary>
    /// <param name="arguments">As typed.</param>
    /// <param name="tell">Takes one line for each name replaced.</param>
    public static string[] Replace(string[] arguments, Action<string> tell)
    {
        if (arguments.Length < 2)
            return arguments;
        var replaced = (string[])arguments.Clone();
        foreach (var (_, former, now) in Renamed.Where(r => r.Command == arguments[0]))
            for (var i = 1; i < replaced.Length && replaced[i] != "--"; i++)
                if (replaced[i] == former || replaced[i].StartsWith(former + "=", StringComparison.Ordinal))
                {
                    replaced[i] = now + replaced[i][former.Length..];
                    tell($"{former} is now {now}; the next version does not know the former name");
                }
        return replaced;
    }
}
