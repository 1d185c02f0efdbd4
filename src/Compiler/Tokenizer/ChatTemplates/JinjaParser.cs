using System.Globalization;

namespace TaalasSim.Compiler.Tokenizer.ChatTemplates;

/// <summary>Recursive descent over the lexer's tokens, with Jinja's precedences.</summary>
internal sealed class JinjaParser(IReadOnlyList<JinjaToken> tokens)
{
    private const int DeepestNesting = 100;
    private const int LongestChain = 500;
    private int _at;
    private int _depth;
    private int _loops;

    private JinjaToken Current => tokens[_at];

    public IReadOnlyList<Statement> ParseTemplate()
    {
        var body = ParseBody();
        return Current.Kind == JinjaTokenKind.End ? body : throw JinjaFault.At(Current.Line, $"'{tokens[_at + 1].Value}' has no opening");
    }

    // Statements up to one of the closing tags, whose name stays unread.
    private List<Statement> ParseBody(params ReadOnlySpan<string> closing)
    {
        Enter();
        var body = new List<Statement>();
        while (true)
        {
            var token = Current;
            if (token.Kind == JinjaTokenKind.Data)
            {
                _at++;
                body.Add(new Data(token.Line, token.Value));
            }
            else if (IsOperator("{{"))
            {
                _at++;
                body.Add(new Output(token.Line, ParseTupleOrExpression()));
                Expect("}}");
            }
            else if (IsOperator("{%"))
            {
                var name = tokens[_at + 1].Value;
                if (closing.Contains(name) || name is "else" or "elif" || name.StartsWith("end", StringComparison.Ordinal))
                    break;
                _at++;
                ParseStatement(body);
            }
            else if (token.Kind == JinjaTokenKind.End && closing.Length > 0)
            {
                throw JinjaFault.At(token.Line, $"the template ends before '{closing[^1]}'");
            }
            else
            {
                break;
            }
        }
        _depth--;
        return body;
    }

    private void ParseStatement(List<Statement> body)
    {
        var line = Current.Line;
        switch (ExpectName())
        {
            case "if":
                body.Add(ParseIf(line));
                break;
            case "for":
                body.Add(ParseFor(line));
                break;
            case "set":
                body.Add(ParseSet(line));
                break;
            case "macro":
                body.Add(ParseMacro(line));
                break;
            case "call":
                body.Add(ParseCallBlock(line));
                break;
            case "filter":
                body.Add(ParseFilterBlock(line));
                break;
            case "block":
                ExpectName();
                Expect("%}");
                body.AddRange(ParseBody("endblock"));
                CloseBlock();
                break;
            case "autoescape":
                if (ParseExpression() is not Literal { Value: false })
                    throw JinjaFault.At(line, "'autoescape' is supported for false only");
                Expect("%}");
                body.AddRange(ParseBody("endautoescape"));
                Close("endautoescape");
                break;
            case "with":
                body.Add(ParseWith(line));
                break;
            case "break":
                body.Add(ParseLoopControl(line, breaks: true));
                break;
            case "continue":
                body.Add(ParseLoopControl(line, breaks: false));
                break;
            case "generation":
                // Marks the assistant's part for training; it renders as its body.
                Expect("%}");
                body.AddRange(ParseBody("endgeneration"));
                Close("endgeneration");
                break;
            case var name:
                throw JinjaFault.At(line, $"the statement '{name}' is not supported");
        }
    }

    private LoopControl ParseLoopControl(int line, bool breaks)
    {
        Expect("%}");
        return _loops > 0 ? new LoopControl(line, breaks)
            : throw JinjaFault.At(line, $"'{(breaks ? "break" : "continue")}' stands in no loop");
    }

    // Loops are counted within a body of its own, which a macro or a call block is.
    private List<Statement> ParseBodyWithLoops(int loops, params ReadOnlySpan<string> closing)
    {
        var before = _loops;
        _loops = loops;
        var body = ParseBody(closing);
        _loops = before;
        return body;
    }

    private FilterBlock ParseFilterBlock(int line)
    {
        var filters = ParseBlockFilters(line, ParseFilter(line, new Captured(line)));
        Expect("%}");
        var body = ParseBody("endfilter");
        Close("endfilter");
        return new FilterBlock(line, filters, body);
    }

    private If ParseIf(int line)
    {
        var branches = new List<(Expression, IReadOnlyList<Statement>)>();
        IReadOnlyList<Statement> otherwise = [];
        while (true)
        {
            var condition = ParseExpression();
            Expect("%}");
            branches.Add((condition, ParseBody("elif", "else", "endif")));
            Expect("{%");
            var name = ExpectName();
            if (name == "elif")
                continue;
            if (name == "else")
            {
                Expect("%}");
                otherwise = ParseBody("endif");
                Expect("{%");
                name = ExpectName();
            }
            ExpectClosing(name, "endif", line);
            return new If(line, branches, otherwise);
        }
    }

    private For ParseFor(int line)
    {
        var target = ParseTarget();
        ExpectWord("in");
        // Without the inline if: "for x in xs if c" filters.
        var items = ParseTuple(ParseOr);
        Expression? condition = null;
        if (TryWord("if"))
            condition = ParseExpression();
        var recursive = TryWord("recursive");
        Expect("%}");
        var body = ParseBodyWithLoops(_loops + 1, "else", "endfor");
        IReadOnlyList<Statement> otherwise = [];
        Expect("{%");
        var name = ExpectName();
        if (name == "else")
        {
            Expect("%}");
            otherwise = ParseBody("endfor");
            Expect("{%");
            name = ExpectName();
        }
        ExpectClosing(name, "endfor", line);
        return new For(line, target, items, condition, body, otherwise, recursive);
    }

    private Statement ParseSet(int line)
    {
        var target = ParseTarget();
        if (TryOperator("="))
        {
            var value = ParseTupleOrExpression();
            Expect("%}");
            return new Set(line, target, value);
        }
        var filters = ParseBlockFilters(line, new Captured(line));
        Expect("%}");
        var body = ParseBody("endset");
        Close("endset");
        return new SetBlock(line, target, filters, body);
    }

    private Filter ParseFilter(int line, Expression input) =>
        new(line, input, ExpectName(), IsOperator("(") ? ParseArguments() : Arguments.None);

    private Expression ParseBlockFilters(int line, Expression input)
    {
        while (TryOperator("|"))
            input = ParseFilter(line, input);
        return input;
    }

    private With ParseWith(int line)
    {
        var values = new List<(Expression, Expression)>();
        while (!TryOperator("%}"))
        {
            if (values.Count > 0)
                Expect(",");
            var target = ParseTarget(single: true);
            Expect("=");
            values.Add((target, ParseExpression()));
        }
        var body = ParseBody("endwith");
        Close("endwith");
        return new With(line, values, body);
    }

    private CallBlock ParseCallBlock(int line)
    {
        var parameters = IsOperator("(") ? ParseParameters() : [];
        if (ParseExpression() is not Call call)
            throw JinjaFault.At(line, "'call' needs the call of a macro");
        Expect("%}");
        var body = ParseBodyWithLoops(0, "endcall");
        Close("endcall");
        return new CallBlock(line, call, new Macro(line, "caller", parameters, body));
    }

    private Macro ParseMacro(int line)
    {
        var name = ExpectName();
        var parameters = ParseParameters();
        Expect("%}");
        var body = ParseBodyWithLoops(0, "endmacro");
        Close("endmacro");
        return new Macro(line, name, parameters, body);
    }

    private List<(string Name, Expression? Default)> ParseParameters()
    {
        Expect("(");
        var parameters = new List<(string, Expression?)>();
        while (!TryOperator(")"))
        {
            if (parameters.Count > 0)
                Expect(",");
            var parameter = ExpectName();
            parameters.Add((parameter, TryOperator("=") ? ParseExpression() : null));
        }
        return parameters;
    }

    // What a value is assigned to: a name, a member of a namespace, or several of these.
    private Expression ParseTarget(bool single = false)
    {
        Enter();
        var line = Current.Line;
        Expression first;
        if (TryOperator("("))
        {
            first = ParseTarget();
            Expect(")");
        }
        else
        {
            first = new Variable(line, ExpectName());
            if (TryOperator("."))
                first = new Member(line, first, ExpectName());
        }
        if (!single && IsOperator(","))
        {
            var targets = new List<Expression> { first };
            while (TryOperator(",") && !IsWord("in") && !IsOperator("=") && !IsOperator(")"))
                targets.Add(ParseTarget(single: true));
            first = new TupleLiteral(line, targets);
        }
        _depth--;
        return first;
    }

    private void Close(string name)
    {
        var line = Current.Line;
        Expect("{%");
        ExpectClosing(ExpectName(), name, line);
    }

    // The name of a block may follow its end.
    private void CloseBlock()
    {
        var line = Current.Line;
        Expect("{%");
        var name = ExpectName();
        if (name == "endblock" && Current.Kind == JinjaTokenKind.Name)
            _at++;
        ExpectClosing(name, "endblock", line);
    }

    private void ExpectClosing(string name, string expected, int line)
    {
        if (name != expected)
            throw JinjaFault.At(Current.Line, $"'{name}' found, expected '{expected}' for the tag of line {line}");
        Expect("%}");
    }

    private Expression ParseTupleOrExpression() => ParseTuple(ParseExpression);

    private Expression ParseTuple(Func<Expression> part)
    {
        var first = part();
        if (!IsOperator(","))
            return first;
        var items = new List<Expression> { first };
        while (TryOperator(",") && !IsOperator("}}") && !IsOperator("%}"))
            items.Add(part());
        return new TupleLiteral(first.Line, items);
    }

    private Expression ParseExpression()
    {
        Enter();
        var value = ParseOr();
        for (var links = 0; IsWord("if"); links++)
        {
            var line = Current.Line;
            Bound(links);
            _at++;
            var condition = ParseOr();
            value = new Conditional(line, condition, value, TryWord("else") ? ParseExpression() : null);
        }
        _depth--;
        return value;
    }

    private Expression ParseOr()
    {
        var left = ParseAnd();
        for (var links = 0; IsWord("or"); links++)
        {
            Bound(links);
            var line = tokens[_at++].Line;
            left = new Binary(line, "or", left, ParseAnd());
        }
        return left;
    }

    private Expression ParseAnd()
    {
        var left = ParseNot();
        for (var links = 0; IsWord("and"); links++)
        {
            Bound(links);
            var line = tokens[_at++].Line;
            left = new Binary(line, "and", left, ParseNot());
        }
        return left;
    }

    private Expression ParseNot()
    {
        if (!IsWord("not"))
            return ParseComparison();
        Enter();
        var line = tokens[_at++].Line;
        var operand = ParseNot();
        _depth--;
        return new Unary(line, "not", operand);
    }

    private Expression ParseComparison()
    {
        var first = ParseSum();
        var rest = new List<(string, Expression)>();
        while (true)
        {
            if (Current.Kind == JinjaTokenKind.Operator && Current.Value is "==" or "!=" or "<" or ">" or "<=" or ">=")
            {
                var op = tokens[_at++].Value;
                rest.Add((op, ParseSum()));
            }
            else if (TryWord("in"))
            {
                rest.Add(("in", ParseSum()));
            }
            else if (IsWord("not") && tokens[_at + 1] is { Kind: JinjaTokenKind.Name, Value: "in" })
            {
                _at += 2;
                rest.Add(("not in", ParseSum()));
            }
            else
            {
                return rest.Count == 0 ? first : new Comparison(first.Line, first, rest);
            }
        }
    }

    private Expression ParseSum() => ParseLeftAssociative(() => ParseLeftAssociative(ParseProduct, "~"), "+", "-");

    private Expression ParseProduct() => ParseLeftAssociative(ParsePower, "*", "/", "//", "%");

    private Expression ParsePower() => ParseLeftAssociative(ParseUnary, "**");

    private Expression ParseLeftAssociative(Func<Expression> operand, params ReadOnlySpan<string> operators)
    {
        var left = operand();
        for (var links = 0; Current.Kind == JinjaTokenKind.Operator && operators.Contains(Current.Value); links++)
        {
            Bound(links);
            var op = tokens[_at++];
            left = new Binary(op.Line, op.Value, left, operand());
        }
        return left;
    }

    private Expression ParseUnary() => ParseFilters(ParseSigned());

    private Expression ParseSigned()
    {
        if (!IsOperator("-") && !IsOperator("+"))
            return ParsePostfix(ParsePrimary());
        Enter();
        var op = tokens[_at++];
        var operand = ParseSigned();
        _depth--;
        return new Unary(op.Line, op.Value, operand);
    }

    private Expression ParsePrimary()
    {
        var token = tokens[_at++];
        switch (token.Kind)
        {
            case JinjaTokenKind.Text:
                var text = token.Value;
                while (Current.Kind == JinjaTokenKind.Text)
                    text += tokens[_at++].Value;
                return new Literal(token.Line, text);
            case JinjaTokenKind.Integer:
                return new Literal(
                    token.Line,
                    JinjaNumbers.TryWhole(token.Value, 0, out var whole, out _)
                        ? whole
                        : throw JinjaFault.At(token.Line, $"the number {token.Value} is too large")
                );
            case JinjaTokenKind.Float:
                return new Literal(
                    token.Line,
                    double.Parse(token.Value.Replace("_", "", StringComparison.Ordinal), CultureInfo.InvariantCulture)
                );
            case JinjaTokenKind.Name:
                return token.Value switch
                {
                    "true" or "True" => new Literal(token.Line, Value: true),
                    "false" or "False" => new Literal(token.Line, Value: false),
                    "none" or "None" => new Literal(token.Line, Value: null),
                    var name => new Variable(token.Line, name),
                };
            case JinjaTokenKind.Operator when token.Value == "(":
                if (TryOperator(")"))
                    return new TupleLiteral(token.Line, []);
                var inner = ParseExpression();
                if (IsOperator(","))
                    inner = new TupleLiteral(token.Line, [inner, .. ParseRestOfList(")")]);
                else
                    Expect(")");
                return inner;
            case JinjaTokenKind.Operator when token.Value == "[":
                return new ListLiteral(token.Line, ParseRestOfList("]"));
            case JinjaTokenKind.Operator when token.Value == "{":
                return ParseMap(token.Line);
            default:
                throw JinjaFault.At(token.Line, $"unexpected '{token.Value}'");
        }
    }

    private List<Expression> ParseRestOfList(string close)
    {
        var items = new List<Expression>();
        TryOperator(",");
        while (!TryOperator(close))
        {
            items.Add(ParseExpression());
            if (!IsOperator(close))
                Expect(",");
        }
        return items;
    }

    private MapLiteral ParseMap(int line)
    {
        var items = new List<(Expression, Expression)>();
        while (!TryOperator("}"))
        {
            var key = ParseExpression();
            Expect(":");
            items.Add((key, ParseExpression()));
            if (!IsOperator("}"))
                Expect(",");
        }
        return new MapLiteral(line, items);
    }

    private Expression ParsePostfix(Expression value)
    {
        for (var links = 0; ; links++)
        {
            Bound(links);
            var line = Current.Line;
            if (TryOperator("."))
            {
                value =
                    Current.Kind == JinjaTokenKind.Integer ? new Index(line, value, ParsePrimary()) : new Member(line, value, ExpectName());
            }
            else if (TryOperator("["))
            {
                value = ParseSubscript(line, value);
            }
            else if (IsOperator("("))
            {
                value = new Call(line, value, ParseArguments());
            }
            else
            {
                return value;
            }
        }
    }

    private Expression ParseSubscript(int line, Expression target)
    {
        var start = IsOperator(":") ? null : ParseExpression();
        if (TryOperator("]"))
            return new Index(line, target, start!);
        Expect(":");
        var stop = IsOperator(":") || IsOperator("]") ? null : ParseExpression();
        Expression? step = null;
        if (TryOperator(":") && !IsOperator("]"))
            step = ParseExpression();
        Expect("]");
        return new Slice(line, target, start, stop, step);
    }

    private Expression ParseFilters(Expression value)
    {
        for (var links = 0; ; links++)
        {
            Bound(links);
            var line = Current.Line;
            if (TryOperator("|"))
            {
                value = ParseFilter(line, value);
            }
            else if (TryWord("is"))
            {
                var negated = TryWord("not");
                var name = ExpectName();
                value = new Test(line, value, name, ParseTestArguments(), negated);
            }
            else
            {
                return value;
            }
        }
    }

    private Arguments ParseTestArguments()
    {
        if (IsOperator("("))
            return ParseArguments();
        // "x is divisibleby 3": one bare operand.
        var starts =
            Current.Kind is JinjaTokenKind.Text or JinjaTokenKind.Integer or JinjaTokenKind.Float
            || IsOperator("[")
            || IsOperator("{")
            || (Current.Kind == JinjaTokenKind.Name && Current.Value is not ("and" or "or" or "not" or "in" or "is" or "if" or "else"));
        return starts ? new Arguments([ParsePostfix(ParsePrimary())], []) : Arguments.None;
    }

    private Arguments ParseArguments()
    {
        Expect("(");
        var positional = new List<Expression>();
        var named = new List<(string, Expression)>();
        Expression? star = null;
        Expression? doubleStar = null;
        while (!TryOperator(")"))
        {
            if (TryOperator("*"))
            {
                star = ParseExpression();
            }
            else if (TryOperator("**"))
            {
                doubleStar = ParseExpression();
            }
            else if (Current.Kind == JinjaTokenKind.Name && tokens[_at + 1] is { Kind: JinjaTokenKind.Operator, Value: "=" })
            {
                var name = ExpectName();
                _at++;
                named.Add((name, ParseExpression()));
            }
            else if (named.Count > 0 || star is not null || doubleStar is not null)
            {
                throw JinjaFault.At(Current.Line, "a positional argument follows a named one");
            }
            else
            {
                positional.Add(ParseExpression());
            }
            if (!IsOperator(")"))
                Expect(",");
        }
        return new Arguments(positional, named, star, doubleStar);
    }

    // A chain nests as deep as it is long, and is walked recursively.
    private void Bound(int links)
    {
        if (links > LongestChain)
            throw JinjaFault.At(Current.Line, $"more than {LongestChain} operations in a row");
    }

    private void Enter()
    {
        if (++_depth > DeepestNesting)
            throw JinjaFault.At(Current.Line, $"nested more than {DeepestNesting} deep");
    }

    private bool IsOperator(string value) => Current.Kind == JinjaTokenKind.Operator && Current.Value == value;

    private bool IsWord(string value) => Current.Kind == JinjaTokenKind.Name && Current.Value == value;

    private bool TryOperator(string value)
    {
        if (!IsOperator(value))
            return false;
        _at++;
        return true;
    }

    private bool TryWord(string value)
    {
        if (!IsWord(value))
            return false;
        _at++;
        return true;
    }

    private void Expect(string value)
    {
        if (!TryOperator(value))
            throw JinjaFault.At(Current.Line, $"'{Current.Value}' found, expected '{value}'");
    }

    private void ExpectWord(string value)
    {
        if (!TryWord(value))
            throw JinjaFault.At(Current.Line, $"'{Current.Value}' found, expected '{value}'");
    }

    private string ExpectName() =>
        Current.Kind == JinjaTokenKind.Name
            ? tokens[_at++].Value
            : throw JinjaFault.At(Current.Line, $"'{Current.Value}' found, expected a name");
}
