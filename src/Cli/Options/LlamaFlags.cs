using System.CommandLine;

namespace TaalasSim.Cli.Options;

/// <summary>Flags of llama-server that have no meaning on a hard-wired chip. They are accepted, so that whoever starts llama-server can
/// start this, and named in one line.</summary>
internal sealed class LlamaFlags
{
    private static readonly string[][] WithValue =
    [
        ["--ubatch-size", "-ub"],
        ["--n-gpu-layers", "-ngl", "--gpu-layers"],
        ["--flash-attn", "-fa"],
        ["--cache-type-k", "-ctk"],
        ["--cache-type-v", "-ctv"],
        ["--threads-batch", "-tb"],
        ["--threads-http"],
        ["--split-mode", "-sm"],
        ["--main-gpu", "-mg"],
        ["--tensor-split", "-ts"],
        ["--numa"],
        ["--poll"],
        ["--prio"],
        ["--cpu-mask", "-C"],
        ["--defrag-thold", "-dt"],
        ["--cache-reuse"],
        ["--cache-ram", "-cram"],
        ["--slot-prompt-similarity", "-sps"],
        ["--rope-scaling"],
        ["--rope-freq-base"],
        ["--rope-freq-scale"],
        ["--grp-attn-n", "-gan"],
        ["--grp-attn-w", "-gaw"],
        ["--timeout", "-to"],
        ["--log-file"],
        ["--log-verbosity", "-lv"],
        ["--spec-type"],
        ["--spec-draft-n-max"],
        ["--spec-draft-n-min"],
        ["--pooling"],
        ["--media-path"],
        ["--tools-runtime"],
    ];

    private static readonly string[][] Alone =
    [
        ["--mlock"],
        ["--props"],
        ["--no-mmap"],
        ["--cont-batching", "-cb"],
        ["--no-cont-batching", "-nocb"],
        ["--no-warmup"],
        ["--no-kv-offload", "-nkvo"],
        ["--no-repack", "-nr"],
        ["--swa-full"],
        ["--embeddings", "--embedding"],
        ["--reranking", "--rerank"],
        ["--log-disable"],
        ["--no-perf"],
        ["--offline"],
        ["--no-cache-idle-slots"],
        ["--no-mmproj"],
        ["--backend_sampling", "--backend-sampling", "-bs"],
        ["--no-models-autoload"],
        ["--ui-mcp-proxy"],
    ];

    private readonly List<Option> _options = [];

    /// <summary>Adds the flags to a command, out of its help.</summary>
    public void AddTo(Command command)
    {
        foreach (var names in WithValue)
            _options.Add(new Option<string?>(names[0], names[1..]) { Hidden = true, Arity = ArgumentArity.ExactlyOne });
        foreach (var names in Alone)
            _options.Add(new Option<bool>(names[0], names[1..]) { Hidden = true, Arity = ArgumentArity.Zero });
        foreach (var option in _options)
            command.Options.Add(option);
    }

    /// <summary>Those that were given.</summary>
    public IReadOnlyList<string> Given(ParseResult parsed) =>
        [.. _options.Where(o => parsed.GetResult(o) is { Implicit: false }).Select(o => o.Name)];
}
