using System.Globalization;

namespace TaalasSim.Compiler.TimesFm;

/// <summary>Names and shapes of all tensors of a model, from its sizes alone.</summary>
public static class TimesFmTensors
{
    /// <summary>Makes a token from a patch and its mask; has biases.</summary>
    public const string Tokenizer = "tokenizer";

    /// <summary>Makes the forecast of one output patch.</summary>
    public const string PointHead = "output_projection_point";

    /// <summary>Makes the quantiles of the whole quantile horizon.</summary>
    public const string QuantileHead = "output_projection_quantiles";

    /// <summary>The first matrix of a residual block.</summary>
    public const string Hidden = ".hidden_layer";

    /// <summary>The second matrix of a residual block.</summary>
    public const string Output = ".output_layer";

    /// <summary>The matrix beside the two.</summary>
    public const string Residual = ".residual_layer";

    /// <summary>Ending of matrices.</summary>
    public const string Weight = ".weight";

    /// <summary>Ending of biases.</summary>
    public const string Bias = ".bias";

    private static readonly string[] Norms = ["pre_attn_ln", "post_attn_ln", "pre_ff_ln", "post_ff_ln"];

    /// <summary>Prefix of the tensors of a layer.</summary>
    public static string Layer(int layer) => string.Create(CultureInfo.InvariantCulture, $"stacked_xf.{layer}.");

    /// <summary>Every tensor of a model, from its input to its output.</summary>
    public static IReadOnlyList<TimesFmTensor> Of(TimesFmSizes sizes)
    {
        var width = sizes.Width;
        var list = new List<TimesFmTensor>();
        AddResidualBlock(list, Tokenizer, sizes.TokenWidth, width, width);
        list.AddRange(new[] { Hidden, Output, Residual }.Select(part => new TimesFmTensor(Tokenizer + part + Bias, width, 0)));
        for (var n = 0; n < sizes.Layers; n++)
        {
            var layer = Layer(n);
            list.AddRange(Norms.Select(norm => new TimesFmTensor(layer + norm + ".scale", width, 0)));
            list.Add(new(layer + "attn.qkv_proj.weight", 3 * width, width));
            list.Add(new(layer + "attn.out.weight", width, width));
            list.Add(new(layer + "attn.query_ln.scale", sizes.HeadSize, 0));
            list.Add(new(layer + "attn.key_ln.scale", sizes.HeadSize, 0));
            list.Add(new(layer + "attn.per_dim_scale.per_dim_scale", sizes.HeadSize, 0));
            list.Add(new(layer + "ff0.weight", sizes.FeedForward, width));
            list.Add(new(layer + "ff1.weight", width, sizes.FeedForward));
        }

        AddResidualBlock(list, PointHead, width, width, sizes.OutputPatch * TimesFmSizes.Columns);
        AddResidualBlock(list, QuantileHead, width, width, sizes.QuantileHorizon * TimesFmSizes.Columns);
        return list;
    }

    private static void AddResidualBlock(List<TimesFmTensor> list, string name, int inputs, int hidden, int outputs)
    {
        list.Add(new(name + Hidden + Weight, hidden, inputs));
        list.Add(new(name + Output + Weight, outputs, hidden));
        list.Add(new(name + Residual + Weight, outputs, inputs));
    }
}
