using System.CommandLine;
using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Units;
using TaalasSim.Cli.Terminal;
using TaalasSim.Compiler.Fit;

namespace TaalasSim.Cli.Options;

/// <summary>The lengths of a request. Standard lengths shrink to the context; lengths that were asked for are refused beyond the model's
/// context, as <c>run</c> refuses them.</summary>
internal sealed class RequestOptions
{
    private const int Standard = 1000;

    private readonly NumberOption<int> _input = new(
        Ranges.Length,
        Standard,
        $"Prompt tokens per request; not given, {Standard} or what the context allows.",
        "--input",
        "--input-tokens"
    );
    private readonly NumberOption<int> _output = new(
        Ranges.Length,
        Standard,
        $"Answer tokens per request; not given, {Standard} or what the context allows.",
        "--output-tokens"
    );

    /// <summary>The options.</summary>
    public IReadOnlyList<Option> All => [_input, _output];

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(_input);
        command.Options.Add(_output);
    }

    /// <summary>Prompt and answer tokens of a request to a chip.</summary>
    /// <exception cref="InputException">More tokens were asked for than the model's context has.</exception>
    public (int Input, int Output) Of(ParseResult parsed, ChipPlan plan)
    {
        var (input, output) = (parsed.GetValue(_input), parsed.GetValue(_output));
        var (fixedInput, fixedOutput) = (IsGiven(parsed, _input), IsGiven(parsed, _output));
        var context = plan.Model.ContextLength;
        var asked = (fixedInput ? input : 0) + (long)(fixedOutput ? output : 0);
        var both = fixedInput && fixedOutput;
        string[] options = [fixedInput ? $"--input {input}" : "", fixedOutput ? $"--output-tokens {output}" : ""];
        if (asked > context || (!both && asked == context))
            throw new InputException(
                $"a request of {string.Join(both ? " and " : "", options)} exceeds the context of {plan.Model.Name}, "
                    + $"{context} tokens; ask for fewer"
            );
        if (both)
            return (input, output);
        var holds = Math.Max(2, Math.Min(context, CheckFit.LongestContext(plan.Model, plan.Fabric, users: 1, plan.AdapterBytes)));
        if (input + (long)output <= holds)
            return (input, output);
        var room = (int)Math.Max(1, (asked > 0 ? holds - asked : holds / 2));
        (input, output) = (
            fixedInput ? input : Math.Min(input, room),
            fixedOutput ? output : Math.Min(output, asked > 0 ? room : holds - room)
        );
        Notices.Tell(
            $"{NumberText.Count(input)} prompt and {NumberText.Count(output)} answer tokens per request instead of {Standard} each: "
                + $"the context holds {NumberText.Count(holds)}"
        );
        return (input, output);
    }

    /// <summary>Mean prompt and answer tokens of requests to systems of which none is known yet: within the model's context.</summary>
    /// <exception cref="InputException">More tokens were asked for than the model's context has.</exception>
    public (int Input, int Output) Of(ParseResult parsed, ModelShape model)
    {
        var (input, output, context) = (parsed.GetValue(_input), parsed.GetValue(_output), model.ContextLength);
        if (input + (long)output <= context)
            return (input, output);
        var (fixedInput, fixedOutput) = (IsGiven(parsed, _input), IsGiven(parsed, _output));
        if (
            (fixedInput && fixedOutput)
            || (
                fixedInput ? input
                : fixedOutput ? output
                : 0
            ) >= context
        )
            throw new InputException(
                $"a request of {(fixedInput ? $"--input {input}" : "")}{(fixedInput && fixedOutput ? " and " : "")}"
                    + $"{(fixedOutput ? $"--output-tokens {output}" : "")} exceeds the context of {model.Name}, {context} tokens; "
                    + "ask for fewer"
            );
        return fixedInput ? (input, context - input)
            : fixedOutput ? (context - output, output)
            : (Math.Max(1, context / 2), Math.Max(1, context / 2));
    }

    private static bool IsGiven(ParseResult parsed, Option option) => parsed.GetResult(option) is { Implicit: false };
}
