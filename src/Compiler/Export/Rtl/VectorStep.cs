namespace TaalasSim.Compiler.Export.Rtl;

/// <summary>A step of the vector model. What <paramref name="A"/>, <paramref name="B"/> and <paramref name="Group"/> are depends on the
/// kind; see <c>vector_model.cpp</c>.</summary>
/// <param name="Kind">What it computes.</param>
/// <param name="Operator">Operator of the graph whose result this is; −1 for none.</param>
/// <param name="A">Mostly the operator that is read.</param>
/// <param name="B">A second operator, a place in the vector ROM, or a number.</param>
/// <param name="Count">Elements.</param>
/// <param name="Group">Elements of a head or group, or the activation.</param>
public sealed record VectorStep(VectorStepKind Kind, int Operator, int A = -1, int B = -1, int Count = 0, int Group = 0)
{
    /// <summary>Region that works.</summary>
    public int Region { get; init; }
}
