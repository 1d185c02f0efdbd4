using System.Text.Json;
using TaalasSim.ChipModel.Files;
using TaalasSim.Compiler.Gguf;
using TaalasSim.Compiler.Safetensors;

namespace TaalasSim.Compiler.Conversion;

/// <summary>Scales of weights in eight-bit floats (<c>quantization_config</c> of method fp8). Other ways of quantising are refused, except
/// MXFP4 in gpt-oss.</summary>
internal sealed class Fp8Scales
{
    private const string End = "_scale_inv";

    private readonly SafetensorsModel _model;
    private readonly ModelConfig _config;
    private readonly bool _used;
    private readonly (long Rows, long Columns) _block = (long.MaxValue, long.MaxValue);

    /// <summary>Reads how the model is quantised.</summary>
    /// <exception cref="InputException">In a way that is not read.</exception>
    public Fp8Scales(SafetensorsModel model, ModelConfig config)
    {
        (_model, _config) = (model, config);
        if (File.Exists(Path.Combine(Path.GetDirectoryName(config.Path)!, "hf_quant_config.json")))
            throw Refuse("hf_quant_config.json");
        if (config.Find("quantization_config") is not { ValueKind: JsonValueKind.Object } quantisation)
            return;
        var method = quantisation.TryGetProperty("quant_method", out var m) && m.ValueKind == JsonValueKind.String ? m.GetString()! : "";
        if (method == GptOssTensors.QuantMethod && config.ModelClass == "GptOssForCausalLM")
            return;
        if (method != "fp8")
            throw Refuse(GgufFaults.Quote(method));
        _used = true;
        if (!quantisation.TryGetProperty("weight_block_size", out var size) || size.ValueKind == JsonValueKind.Null)
            return;
        if (size.ValueKind != JsonValueKind.Array || size.GetArrayLength() != 2)
            throw config.Fault("weight_block_size", "two whole numbers", ModelConfig.Shown(size));
        _block = (config.SizeOf(size[0], "weight_block_size"), config.SizeOf(size[1], "weight_block_size"));
        if (_block.Rows == 0 || _block.Columns == 0)
            throw config.Fault("weight_block_size", "two whole numbers from 1", ModelConfig.Shown(size));
    }

    /// <summary>Whether a tensor is the scale of another, or one of activations, which are not used.</summary>
    public bool IsScale(SafetensorsTensor tensor) =>
        _used
        && (
            tensor.Name.EndsWith(End, StringComparison.Ordinal)
            || tensor.Name.EndsWith(".activation_scale", StringComparison.Ordinal)
            || tensor.Name.EndsWith("_activation_scale", StringComparison.Ordinal)
        );

    /// <summary>The weights times their scales, where they have any.</summary>
    /// <exception cref="InputException">The scales do not fit the weights.</exception>
    public TensorRows Apply(SafetensorsTensor tensor, TensorRows rows)
    {
        if (!_used || _model.Find(tensor.Name + End) is not { } scale)
            return rows;
        if (scale.Elements == 1)
            return rows.Scaled(TensorRows.Of(scale), long.MaxValue, long.MaxValue);
        var fits =
            rows.Shape.Count == 2
            && scale.Shape.Count == 2
            && scale.Shape[0] * _block.Rows >= rows.Shape[0]
            && scale.Shape[1] * _block.Columns >= rows.Shape[1];
        return fits
            ? rows.Scaled(TensorRows.Of(scale), _block.Rows, _block.Columns)
            : throw new InputException(
                $"{scale.FilePath}: tensor {GgufFaults.Quote(scale.Name)}: does not fit its weights in blocks of {_block.Rows} × "
                    + $"{_block.Columns}; fetch the model again"
            );
    }

    private InputException Refuse(string how) =>
        new(
            $"{_config.Path}: the model is quantised ({how}); only fp8, and mxfp4 in gpt-oss, are converted: give the model in BF16, "
                + "F16 or F32"
        );
}
