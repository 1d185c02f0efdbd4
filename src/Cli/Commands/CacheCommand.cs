using System.CommandLine;
using TaalasSim.ChipModel.Units;
using TaalasSim.Cli.Options;
using TaalasSim.Compiler.Hub;

namespace TaalasSim.Cli.Commands;

/// <summary><c>cache rm hf:user/name</c>: removes what <c>pull</c> fetched; <c>list cache</c> shows it.</summary>
internal static class CacheCommand
{
    public static Command Create()
    {
        var models = new Argument<string[]>("MODEL")
        {
            Description = "hf:USER/NAME of the cache (./taalas list cache); several may be given.",
            Arity = ArgumentArity.OneOrMore,
        };
        var revision = new Option<string?>("--revision")
        {
            Description = "Remove this branch, tag or commit alone, with the files that no other revision uses.",
            HelpName = "REV",
        };
        var remove = new Command("rm", "Remove models from the cache. Example: ./taalas cache rm hf:Qwen/Qwen3-0.6B-GGUF")
        {
            models,
            revision,
        };
        remove.SetAction(parsed => Remove(parsed.GetRequiredValue(models), parsed.GetValue(revision)));
        return new Command("cache", "Care for the cache of the Hub. Example: ./taalas cache rm hf:Qwen/Qwen3-0.6B-GGUF") { remove };
    }

    private static int Remove(string[] names, string? revision)
    {
        var cache = new HubCache(HubEnvironment.OfProcess().Cache);
        // Every name is checked before anything is removed.
        var references = names.Select(HubReference.Parse).ToList();
        foreach (var reference in references)
            Console.Out.WriteLine(
                $"{HubReference.Prefix}{reference.Repository}: removed, "
                    + $"{NumberText.Si(cache.Remove(reference.Repository, revision), "B")} free"
            );
        return ExitCode.Done;
    }
}
