using TaalasSim.ChipModel.Chip;

namespace TaalasSim.Compiler.Graph;

/// <summary>A matrix that the fabric must hold.</summary>
/// <param name="Tensor">GGUF tensor name, without expert suffix.</param>
/// <param name="Expert">Slice of a 3-D tensor (expert or head), or −1.</param>
/// <param name="Role">What it does.</param>
/// <param name="Layer">Layer, −1 outside the layers.</param>
/// <param name="Inputs">Inputs (row length).</param>
/// <param name="Outputs">Outputs (rows).</param>
/// <param name="Slices">Slices of the tensor: experts, or heads.</param>
public readonly record struct MatrixUse(string Tensor, int Expert, MatrixRole Role, int Layer, int Inputs, int Outputs, int Slices = 1)
{
    /// <summary>Name of the port: the tensor, with <c>#slice</c> for a slice.</summary>
    public string PortName => Expert < 0 ? Tensor : $"{Tensor}#{Expert}";

    /// <summary>Row of the tensor that holds the weights of an output.</summary>
    public long Row(int output) => (Math.Max(Expert, 0) * (long)Outputs) + output;
}
