using System.Globalization;
using NCalc;
using NCalc.Visitors;
using TaalasSim.ChipModel.Files;
using Node = System.Func<System.Func<string, TaalasSim.Reports.Formulas.FormulaValue>, TaalasSim.Reports.Formulas.FormulaValue>;

namespace TaalasSim.Reports.Formulas;

/// <summary>Makes a function of a formula's tree; every kind of part that is not named here is refused.</summary>
internal sealed class BuildFormula : ILogicalExpressionVisitor<Node>
{
    private readonly List<string> _names = [];
    private int _parts;

    /// <summary>Names in the order of their first use.</summary>
    public IReadOnlyList<string> Names => _names;

    public Node Visit(TernaryExpression expression)
    {
        Count();
        var condition = Build(expression.LeftExpression);
        var (yes, no) = (Build(expression.MiddleExpression), Build(expression.RightExpression));
        return values => condition(values).IsTrue ? yes(values) : no(values);
    }

    public Node Visit(BinaryExpression expression)
    {
        Count();
        if (expression.Type is BinaryExpressionType.In or BinaryExpressionType.NotIn)
            return In(expression, expression.Type == BinaryExpressionType.In);
        var (left, right) = (Build(expression.LeftExpression), Build(expression.RightExpression));
        return expression.Type switch
        {
            BinaryExpressionType.And => values => FormulaValue.Of(left(values).IsTrue && right(values).IsTrue),
            BinaryExpressionType.Or => values => FormulaValue.Of(left(values).IsTrue || right(values).IsTrue),
            BinaryExpressionType.Equal => values => FormulaValue.Of(Same(left(values), right(values))),
            BinaryExpressionType.NotEqual => values => FormulaValue.Of(!Same(left(values), right(values))),
            BinaryExpressionType.Lesser => values => FormulaValue.Of(Number(left(values)) < Number(right(values))),
            BinaryExpressionType.LesserOrEqual => values => FormulaValue.Of(Number(left(values)) <= Number(right(values))),
            BinaryExpressionType.Greater => values => FormulaValue.Of(Number(left(values)) > Number(right(values))),
            BinaryExpressionType.GreaterOrEqual => values => FormulaValue.Of(Number(left(values)) >= Number(right(values))),
            BinaryExpressionType.Plus => values => FormulaValue.Of(Number(left(values)) + Number(right(values))),
            BinaryExpressionType.Minus => values => FormulaValue.Of(Number(left(values)) - Number(right(values))),
            BinaryExpressionType.Times => values => FormulaValue.Of(Number(left(values)) * Number(right(values))),
            BinaryExpressionType.Div => values => FormulaValue.Of(Number(left(values)) / Number(right(values))),
            BinaryExpressionType.Modulo => values => FormulaValue.Of(Number(left(values)) % Number(right(values))),
            BinaryExpressionType.Exponentiation => values => FormulaValue.Of(Math.Pow(Number(left(values)), Number(right(values)))),
            _ => throw new InputException($"a formula has no operator {expression.Type}"),
        };
    }

    public Node Visit(UnaryExpression expression)
    {
        Count();
        var inner = Build(expression.Expression);
        return expression.Type switch
        {
            UnaryExpressionType.Not => values => FormulaValue.Of(!inner(values).IsTrue),
            UnaryExpressionType.Negate => values => FormulaValue.Of(-Number(inner(values))),
            UnaryExpressionType.Positive => values => FormulaValue.Of(Number(inner(values))),
            _ => throw new InputException($"a formula has no operator {expression.Type}"),
        };
    }

    public Node Visit(ValueExpression expression)
    {
        Count();
        var value = expression.Value switch
        {
            string text => new FormulaValue(double.NaN, text),
            bool truth => FormulaValue.Of(truth),
            int or long or double or decimal => FormulaValue.Of(Convert.ToDouble(expression.Value, CultureInfo.InvariantCulture)),
            _ => throw new InputException("a formula holds numbers and texts alone"),
        };
        return _ => value;
    }

    public Node Visit(Function function)
    {
        Count();
        var parameters = function.Parameters.AsSpan().ToArray().Select(Build).ToArray();
        var of = FormulaFunctions.Find(function.Identifier.Name, parameters.Length);
        return values => FormulaValue.Of(of(Array.ConvertAll(parameters, p => Number(p(values)))));
    }

    public Node Visit(Identifier identifier)
    {
        Count();
        var name = identifier.Name;
        if (!_names.Contains(name, StringComparer.Ordinal))
            _names.Add(name);
        return values => values(name);
    }

    public Node Visit(LogicalExpressionList list) => throw new InputException("a list stands behind 'in' alone");

    /// <summary>The sides of an inequality, the one that should be less first; null of any other formula.</summary>
    public Func<Func<string, FormulaValue>, (double Less, double More)>? Sides(LogicalExpression formula)
    {
        if (formula is not BinaryExpression { Type: var type } comparison)
            return null;
        var upward = type is BinaryExpressionType.Greater or BinaryExpressionType.GreaterOrEqual;
        if (!upward && type is not (BinaryExpressionType.Lesser or BinaryExpressionType.LesserOrEqual))
            return null;
        var (left, right) = (Build(comparison.LeftExpression), Build(comparison.RightExpression));
        return values => upward ? (Number(right(values)), Number(left(values))) : (Number(left(values)), Number(right(values)));
    }

    private Node In(BinaryExpression expression, bool wanted)
    {
        if (expression.RightExpression is not LogicalExpressionList list)
            throw new InputException("'in' takes a list, e.g. weights in ('rom3', 'rom4')");
        var (left, items) = (Build(expression.LeftExpression), list.AsSpan().ToArray().Select(Build).ToArray());
        return values =>
        {
            var value = left(values);
            return FormulaValue.Of(wanted == Array.Exists(items, item => Same(value, item(values))));
        };
    }

    private Node Build(LogicalExpression expression) => expression.Accept(this);

    private void Count()
    {
        if (++_parts > Formula.MostParts)
            throw new InputException($"a formula has at most {Formula.MostParts} parts");
    }

    private static bool Same(FormulaValue left, FormulaValue right) =>
        left.Text is null && right.Text is null
            ? left.Number == right.Number
            : string.Equals(left.Text, right.Text, StringComparison.Ordinal);

    private static double Number(FormulaValue value) =>
        value.Text is null ? value.Number : throw new InputException($"'{value.Text}' is a text where a formula needs a number");
}
