using TaalasSim.ChipModel.Files;

namespace TaalasSim.Compiler.Tokenizer.ChatTemplates;

/// <summary>Bounds one walk through a value: a few short statements can nest lists beyond what could ever be printed or compared.</summary>
internal sealed class JinjaWalk
{
    private const int MostValues = 1_000_000;
    private const int Deepest = 100;
    private int _values;

    public int Depth { get; private set; }

    public T Inside<T>(Func<T> visit)
    {
        if (++_values > MostValues || Depth >= Deepest)
            throw new InputException(
                $"chat template: a list or map is nested more than {Deepest} deep or holds more than {MostValues} values"
            );
        Depth++;
        var result = visit();
        Depth--;
        return result;
    }
}
