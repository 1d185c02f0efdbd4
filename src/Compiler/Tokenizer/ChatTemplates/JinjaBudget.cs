namespace TaalasSim.Compiler.Tokenizer.ChatTemplates;

/// <summary>Bounds the work of one rendering: every step costs one, every unit of text made costs one more, every item of a list
/// sixteen.</summary>
internal sealed class JinjaBudget
{
    private const long MostWork = 20_000_000;
    private const int WorkOfItem = 16;
    private const int DeepestCall = 40;
    private long _work;
    private const int Deepest = 2000;
    private int _calls;
    private int _depth;

    public void Spend(int line, long work = 1)
    {
        if (work > MostWork || (_work += work) > MostWork)
            throw JinjaFault.At(line, $"the template takes more than {MostWork} steps; it would hardly end");
    }

    public void SpendItems(int line, long items) => Spend(line, items > MostWork ? items : items * WorkOfItem);

    public string Made(int line, string text)
    {
        Spend(line, text.Length);
        return text;
    }

    public List<object?> Made(int line, List<object?> list)
    {
        SpendItems(line, list.Count);
        return list;
    }

    /// <summary>Bounds the depth to which statements and expressions are nested while they run.</summary>
    public void Enter(int line)
    {
        if (++_depth > Deepest)
            throw JinjaFault.At(line, $"nested more than {Deepest} deep");
    }

    public void Leave() => _depth--;

    public void EnterCall(int line)
    {
        if (++_calls > DeepestCall)
            throw JinjaFault.At(line, $"macros call each other more than {DeepestCall} deep");
    }

    public void LeaveCall() => _calls--;
}
