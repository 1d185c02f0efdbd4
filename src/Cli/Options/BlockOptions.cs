using System.CommandLine;
using TaalasSim.ChipModel.Files;
using TaalasSim.Runtime.Host.Generate;

namespace TaalasSim.Cli.Options;

/// <summary>Options of block decoding on diffusion models (<c>--cdlm</c>).</summary>
internal sealed class BlockOptions
{
    private readonly Option<bool> _cdlm = new("--cdlm")
    {
        Description = "Diffusion models: fill blocks of masked positions, with exact keys and values of finished blocks (CDLM).",
    };
    private readonly NumberOption<int> _block = new(Ranges.Block, 32, "Positions of a block.", "--block");
    private readonly NumberOption<float> _tau = new(
        Ranges.Threshold,
        0.9f,
        "A step reveals what reaches this confidence, and at least one position (above 1: one a step; 0: a block in one step).",
        "--tau"
    );
    private readonly Option<string> _promptMask = Choice(
        "--prompt-mask",
        "What prompt tokens see: one another, or only those before them.",
        "full",
        "causal"
    );
    private readonly OptionalNumberOption<int> _eos = new(
        Ranges.TokenId,
        "Token that ends the answer; unless given, those of the model's tokenizer for a text prompt and none for --prompt-ids.",
        "--eos"
    );
    private readonly Option<string> _earlyStop = Choice(
        "--early-stop",
        "At an end token: finish the block, or stop once nothing before the token is masked.",
        "block",
        "eager"
    );
    private readonly Option<bool> _check = new("--check-cache")
    {
        Description = "Also decode without a cache and say whether both agree, every bit.",
    };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(_cdlm);
        foreach (var option in Parts)
            command.Options.Add(option);
    }

    /// <summary>Whether blocks are asked for.</summary>
    /// <exception cref="InputException">Options of blocks without <c>--cdlm</c>.</exception>
    public bool Wanted(ParseResult parsed)
    {
        if (!parsed.GetValue(_cdlm) && Parts.FirstOrDefault(o => parsed.GetResult(o) is { Implicit: false }) is { } option)
            throw new InputException($"{option.Name}: belongs to --cdlm; add it, or leave {option.Name} out");
        return parsed.GetValue(_cdlm);
    }

    /// <summary>Whether the decode is to be repeated without a cache.</summary>
    public bool Checks(ParseResult parsed) => parsed.GetValue(_check);

    /// <summary>Prompt mask that was asked for.</summary>
    public string PromptMask(ParseResult parsed) => parsed.GetValue(_promptMask)!;

    /// <summary>The request.</summary>
    /// <param name="parsed">Command line.</param>
    /// <param name="tokens">Tokens to generate.</param>
    /// <param name="machine">Machine that holds the model.</param>
    /// <param name="isText">The prompt is text, not token ids.</param>
    /// <param name="ignoresEnd">Continue after the tokenizer's own end tokens.</param>
    /// <exception cref="InputException">The end token is not in the vocabulary.</exception>
    public BlockRequest Request(ParseResult parsed, int tokens, SimulatedHost machine, bool isText, bool ignoresEnd)
    {
        var eos = parsed.GetValue(_eos);
        var vocabulary = machine.Chip.Model.VocabularySize;
        if (eos >= vocabulary)
            throw new InputException($"--eos {eos}: not a token id below {vocabulary}");
        return new BlockRequest
        {
            Tokens = tokens,
            Block = parsed.GetValue(_block),
            Threshold = parsed.GetValue(_tau),
            CausalPrompt = PromptMask(parsed) == "causal",
            Stops =
                ignoresEnd ? []
                : eos is { } id ? [id]
                : isText ? [.. machine.EndTokens()]
                : [],
            StopsEarly = parsed.GetValue(_earlyStop) == "eager",
        };
    }

    private Option[] Parts => [_block, _tau, _promptMask, _eos, _earlyStop, _check];

    private static Option<string> Choice(string name, string description, params string[] values)
    {
        var option = new Option<string>(name)
        {
            Description = description,
            DefaultValueFactory = _ => values[0],
            HelpName = string.Join('|', values),
        };
        option.AcceptOneOf(values);
        return option;
    }
}
