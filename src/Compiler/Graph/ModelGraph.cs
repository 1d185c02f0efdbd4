using System.Globalization;
using System.Text;
using QuikGraph;
using QuikGraph.Algorithms;
using TaalasSim.ChipModel.Chip;

namespace TaalasSim.Compiler.Graph;

/// <summary>Operators and the values between them: a directed acyclic graph whose vertices are operators and whose edges are
/// values.</summary>
public sealed class ModelGraph
{
    private readonly List<Operator> _operators;

    internal ModelGraph(ModelShape shape, ModelTraits traits, List<Operator> operators)
    {
        Shape = shape;
        Traits = traits;
        _operators = operators;
        Dag = new AdjacencyGraph<int, SEquatableEdge<int>>(allowParallelEdges: true);
        Dag.AddVertexRange(operators.Select(o => o.Id));
        foreach (var op in operators)
        foreach (var input in op.Inputs)
            Dag.AddEdge(new SEquatableEdge<int>(input, op.Id));
        if (!Dag.IsDirectedAcyclicGraph())
            throw new InvalidOperationException("the operator graph has a cycle");
    }

    /// <summary>A model of which only sizes and traits are known as a graph without operators.</summary>
    public static ModelGraph Empty(ModelShape shape, ModelTraits traits) => new(shape, traits, []);

    /// <summary>Sizes that the operators were built from.</summary>
    public ModelShape Shape { get; }

    /// <summary>Traits that the operators were built from.</summary>
    public ModelTraits Traits { get; }

    /// <summary>Operators in an order in which every input comes first.</summary>
    public IReadOnlyList<Operator> Operators => _operators;

    /// <summary>Vertices are operator ids, edges lead from producer to consumer.</summary>
    public AdjacencyGraph<int, SEquatableEdge<int>> Dag { get; }

    /// <summary>The operator whose result is the logits.</summary>
    public Operator Output => _operators[^1];

    /// <summary>Text form: one operator a line, <c>%id: width = operation</c>.</summary>
    public string ToText()
    {
        var text = new StringBuilder();
        text.Append(
            CultureInfo.InvariantCulture,
            $"# {Shape.Name}: {Shape.Architecture}, {Shape.Layers} layers, {_operators.Count} operators\n"
        );
        foreach (var op in _operators)
            text.Append(CultureInfo.InvariantCulture, $"%{op.Id}: [{op.Width}] = {op.Describe()}\n");
        return text.ToString();
    }
}
