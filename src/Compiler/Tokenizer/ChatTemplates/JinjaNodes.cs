namespace TaalasSim.Compiler.Tokenizer.ChatTemplates;

#pragma warning disable MA0048 // A closed set of small records reads best in one file.

// The syntax tree: plain data, one record per construct.
internal abstract record Expression(int Line);

internal sealed record Literal(int Line, object? Value) : Expression(Line);

internal sealed record Variable(int Line, string Name) : Expression(Line);

internal sealed record ListLiteral(int Line, IReadOnlyList<Expression> Items) : Expression(Line);

internal sealed record TupleLiteral(int Line, IReadOnlyList<Expression> Items) : Expression(Line);

internal sealed record MapLiteral(int Line, IReadOnlyList<(Expression Key, Expression Value)> Items) : Expression(Line);

internal sealed record Member(int Line, Expression Target, string Name) : Expression(Line);

internal sealed record Index(int Line, Expression Target, Expression Key) : Expression(Line);

internal sealed record Slice(int Line, Expression Target, Expression? Start, Expression? Stop, Expression? Step) : Expression(Line);

internal sealed record Call(int Line, Expression Callee, Arguments Arguments) : Expression(Line);

internal sealed record Filter(int Line, Expression Input, string Name, Arguments Arguments) : Expression(Line);

internal sealed record Test(int Line, Expression Input, string Name, Arguments Arguments, bool Negated) : Expression(Line);

internal sealed record Unary(int Line, string Operator, Expression Operand) : Expression(Line);

internal sealed record Binary(int Line, string Operator, Expression Left, Expression Right) : Expression(Line);

/// <summary>a &lt; b &lt;= c: true when each neighbouring pair is.</summary>
internal sealed record Comparison(int Line, Expression First, IReadOnlyList<(string Operator, Expression Operand)> Rest) : Expression(Line);

internal sealed record Conditional(int Line, Expression Condition, Expression Then, Expression? Else) : Expression(Line);

/// <summary>Arguments of a call; the stars unpack a list and a map.</summary>
internal sealed record Arguments(
    IReadOnlyList<Expression> Positional,
    IReadOnlyList<(string Name, Expression Value)> Named,
    Expression? Star = null,
    Expression? DoubleStar = null
)
{
    public static readonly Arguments None = new([], []);
}

internal abstract record Statement(int Line);

internal sealed record Output(int Line, Expression Value) : Statement(Line);

internal sealed record Data(int Line, string Text) : Statement(Line);

internal sealed record If(
    int Line,
    IReadOnlyList<(Expression Condition, IReadOnlyList<Statement> Body)> Branches,
    IReadOnlyList<Statement> Else
) : Statement(Line);

internal sealed record For(
    int Line,
    Expression Target,
    Expression Items,
    Expression? Condition,
    IReadOnlyList<Statement> Body,
    IReadOnlyList<Statement> Else,
    bool Recursive
) : Statement(Line);

/// <summary>An assignment to a name, a member of a namespace or a tuple of these.</summary>
internal sealed record Set(int Line, Expression Target, Expression Value) : Statement(Line);

/// <summary>An assignment of a body's output after its filters, which are around <see cref="Captured"/>.</summary>
internal sealed record SetBlock(int Line, Expression Target, Expression Filters, IReadOnlyList<Statement> Body) : Statement(Line);

/// <summary>A body's output after its filters.</summary>
internal sealed record FilterBlock(int Line, Expression Filters, IReadOnlyList<Statement> Body) : Statement(Line);

/// <summary>The output of a body, as the innermost input of its block's filters.</summary>
internal sealed record Captured(int Line) : Expression(Line);

internal sealed record With(int Line, IReadOnlyList<(Expression Target, Expression Value)> Values, IReadOnlyList<Statement> Body)
    : Statement(Line);

/// <summary>A call of a macro that can call the block's body as <c>caller</c>.</summary>
internal sealed record CallBlock(int Line, Call Call, Macro Caller) : Statement(Line);

internal sealed record Macro(
    int Line,
    string Name,
    IReadOnlyList<(string Name, Expression? Default)> Parameters,
    IReadOnlyList<Statement> Body
) : Statement(Line);

internal sealed record LoopControl(int Line, bool Breaks) : Statement(Line);
