namespace TaalasSim.Compiler.Tokenizer.ChatTemplates;

/// <summary>The names that a piece of template reads.</summary>
internal static class JinjaNames
{
    public static HashSet<string> In(IReadOnlyList<Statement> body)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        Visit(names, body);
        return names;
    }

    // Records are plain data: every property that is a part of the tree is visited.
    private static void Visit(HashSet<string> names, object? part)
    {
        switch (part)
        {
            case Variable variable:
                names.Add(variable.Name);
                break;
            case Literal or string or null:
                break;
            case System.Collections.IEnumerable parts:
                foreach (var one in parts)
                    Visit(names, one);
                break;
            case Statement or Expression or Arguments or System.Runtime.CompilerServices.ITuple:
                foreach (var child in Children(part))
                    Visit(names, child);
                break;
        }
    }

    private static IEnumerable<object?> Children(object part)
    {
        if (part is System.Runtime.CompilerServices.ITuple tuple)
            return Enumerable.Range(0, tuple.Length).Select(i => tuple[i]);
        return part switch
        {
            Output s => [s.Value],
            If s => [s.Branches, s.Else],
            For s => [s.Items, s.Condition, s.Body, s.Else],
            Set s => [s.Value],
            SetBlock s => [s.Filters, s.Body],
            FilterBlock s => [s.Filters, s.Body],
            With s => [s.Values, s.Body],
            CallBlock s => [s.Call, s.Caller],
            Macro s => [s.Parameters, s.Body],
            ListLiteral e => [e.Items],
            TupleLiteral e => [e.Items],
            MapLiteral e => [e.Items],
            Member e => [e.Target],
            Index e => [e.Target, e.Key],
            Slice e => [e.Target, e.Start, e.Stop, e.Step],
            Call e => [e.Callee, e.Arguments],
            Filter e => [e.Input, e.Arguments],
            Test e => [e.Input, e.Arguments],
            Unary e => [e.Operand],
            Binary e => [e.Left, e.Right],
            Comparison e => [e.First, e.Rest],
            Conditional e => [e.Condition, e.Then, e.Else],
            Arguments a => [a.Positional, a.Named, a.Star, a.DoubleStar],
            _ => [],
        };
    }
}
