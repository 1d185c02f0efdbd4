namespace TaalasSim.Compiler.Export.Rtl;

/// <summary>What a step of the vector model computes; the names are those of <c>chip_model.h</c>.</summary>
public enum VectorStepKind
{
    Embed,
    Norm,
    Quantise,
    Slice,
    Rope,
    Store,
    Softmax,
    Values,
    Gate,
    Add,
}
