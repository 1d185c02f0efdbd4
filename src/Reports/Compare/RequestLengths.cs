using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Units;

namespace TaalasSim.Reports.Compare;

/// <summary>Lengths of a request that fit a model's context.</summary>
/// <param name="Input">Prompt tokens.</param>
/// <param name="Output">Answer tokens.</param>
/// <param name="Note">What was shortened, in a sentence; empty when nothing was.</param>
public sealed record RequestLengths(int Input, int Output, string Note)
{
    /// <summary>Prompt and answer tokens where nothing is said.</summary>
    public const int Default = 1000;

    /// <summary>Lengths for a model: what is given must fit its context, defaults shrink to it.</summary>
    /// <param name="model">Model.</param>
    /// <param name="input">Prompt tokens, or null for the default.</param>
    /// <param name="output">Answer tokens, or null for the default.</param>
    /// <exception cref="InputException">What is given is below 1 or does not fit.</exception>
    public static RequestLengths For(ModelShape model, int? input, int? output)
    {
        Check(model, input ?? 1, output ?? 1);
        var context = model.ContextLength;
        var (prompt, answer) = (input ?? Default, output ?? Default);
        if (context <= 0 || prompt + (long)answer <= context)
            return new RequestLengths(prompt, answer, "");
        if (input is null && output is null)
            (prompt, answer) = (context / 2, context - (context / 2));
        else if (input is null)
            prompt = context - answer;
        else
            answer = context - prompt;
        return new RequestLengths(
            prompt,
            answer,
            $"lengths are shortened to {NumberText.Count(prompt)} + {NumberText.Count(answer)} tokens, the context of {model.Name}"
        );
    }

    /// <summary>Refuses lengths below 1 and requests longer than a model's context.</summary>
    /// <exception cref="InputException">Such lengths.</exception>
    public static void Check(ModelShape model, int input, int output)
    {
        if (input < 1 || output < 1)
            throw new InputException($"--input {input} --output-tokens {output}: lengths are at least 1");
        if (model.ContextLength > 0 && input + (long)output > model.ContextLength)
            throw new InputException(
                $"--input {input} --output-tokens {output}: {NumberText.Count(input + (long)output)} tokens, but {model.Name} has a "
                    + "context of "
                    + $"{NumberText.Count(model.ContextLength)}; use shorter requests"
            );
    }
}
