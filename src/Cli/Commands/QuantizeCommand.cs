using System.CommandLine;
using System.Globalization;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Formats;
using TaalasSim.ChipModel.Units;
using TaalasSim.Cli.Options;
using TaalasSim.Cli.Terminal;
using TaalasSim.Compiler.Gguf;
using TaalasSim.Compiler.Gguf.Rewrite;

namespace TaalasSim.Cli.Commands;

/// <summary><c>quantize IN OUT TYPE</c>: the model in other block types, in one file or several.</summary>
internal sealed class QuantizeCommand
{
    private readonly Argument<string> _source = new("IN")
    {
        Description = "A GGUF file (the first of a split model), the folder of a Hugging Face model, or hf:USER/NAME[:QUANT].",
    };
    private readonly OutputArgument _target = new("OUT") { Description = "GGUF file to write; replaced when the new one is complete." };
    private readonly Argument<string> _type = new("TYPE")
    {
        Description =
            "What matrices are stored as, with llama-quantize's names and mixes: "
            + $"{string.Join(' ', FileType.All.Select(t => t.Name))}. q3_k, q4_k, q5_k, mxfp4 and nvfp4 are plain; copy keeps "
            + "every tensor.",
    };
    private readonly Option<bool> _pure = new("--pure") { Description = "Store every matrix in the base type, without a mix." };
    private readonly Option<bool> _requantize = new("--allow-requantize")
    {
        Description = "Quantise tensors that are already quantised; this loses more than quantising the original.",
    };
    private readonly Option<string?> _importance = new("--imatrix")
    {
        Description = "Importance matrix of llama-imatrix (GGUF or .dat): scales of K-quants, iq4_nl and iq4_xs are fitted to it.",
        HelpName = "FILE",
    };
    private readonly Option<string?> _splitSize = new("--split-max-size")
    {
        Description = "Split into files with at most this many bytes of tensors: OUT-00001-of-0000N.gguf and so on.",
        HelpName = "N(M|G)",
    };
    private readonly NumberOption<int> _splitTensors = new(
        Ranges.Count,
        0,
        "Split into files with at most this many tensors (0: no limit).",
        "--split-max-tensors"
    );
    private readonly Option<bool> _keepSplit = new("--keep-split") { Description = "Split the output where the files of IN are split." };
    private readonly Option<string[]> _tensorTypes = new("--tensor-type")
    {
        Description = "Type of the matrices whose names hold a regular expression, before the mix; may be given several times.",
        HelpName = "PATTERN=TYPE",
    };
    private readonly Option<string?> _outputType = new("--output-tensor-type")
    {
        Description = "Type of the output matrix, and of an embedding that serves as one.",
        HelpName = "TYPE",
    };
    private readonly Option<string?> _embeddingType = new("--token-embedding-type")
    {
        Description = "Type of the embedding.",
        HelpName = "TYPE",
    };
    private readonly Option<bool> _leaveOutput = new("--leave-output-tensor") { Description = "Keep the output matrix as it is." };
    private readonly Option<string[]> _overrides = new("--override-kv")
    {
        Description = "Key of the new file, with TYPE int, float, bool or str; may be given several times.",
        HelpName = "KEY=TYPE:VALUE",
    };
    private readonly Option<string?> _prune = new("--prune-layers")
    {
        Description = "Leave out these layers; those behind them move up.",
        HelpName = "L0,L1,…",
    };
    private readonly Option<bool> _dryRun = new("--dry-run") { Description = "Show types and sizes, and write nothing." };
    private readonly Option<bool> _json = CommonOptions.Json();

    public static Command Create()
    {
        var self = new QuantizeCommand();
        var command = new Command(
            "quantize",
            "Write a GGUF model in other block types. Example: ./taalas quantize chips/demo/stories.gguf stories-q8_0.gguf q8_0 "
                + "--allow-requantize"
        )
        {
            self._source,
            self._target,
            self._type,
            self._pure,
            self._requantize,
            self._importance,
            self._splitSize,
            self._splitTensors,
            self._keepSplit,
            self._tensorTypes,
            self._outputType,
            self._embeddingType,
            self._leaveOutput,
            self._overrides,
            self._prune,
            self._dryRun,
            self._json,
        };
        command.SetAction((parsed, cancel) => Task.FromResult(self.Run(parsed, cancel)));
        return command;
    }

    private int Run(ParseResult parsed, CancellationToken cancel)
    {
        var options = new RewriteOptions
        {
            Type = FileType.Named(parsed.GetRequiredValue(_type)),
            Pure = parsed.GetValue(_pure),
            AllowRequantize = parsed.GetValue(_requantize),
            Importance = parsed.GetValue(_importance) is { } matrix ? ImportanceMatrix.Load(matrix) : null,
            SplitBytes = Bytes(parsed.GetValue(_splitSize)),
            SplitTensors = parsed.GetValue(_splitTensors),
            KeepSplit = parsed.GetValue(_keepSplit),
            TensorTypes = [.. (parsed.GetValue(_tensorTypes) ?? []).Select(TensorTypeRule.Parse)],
            OutputType = Format(parsed, _outputType),
            EmbeddingType = Format(parsed, _embeddingType),
            LeaveOutput = parsed.GetValue(_leaveOutput),
            Overrides = [.. (parsed.GetValue(_overrides) ?? []).Select(KeyOverride.Parse)],
            PruneLayers = parsed.GetValue(_prune) is { } layers ? LayerList.Parse(layers) : [],
            DryRun = parsed.GetValue(_dryRun),
        };
        var (source, target) = (parsed.GetRequiredValue(_source), parsed.GetRequiredValue(_target));
        using var input = ModelInput.Open(source, cancel);
        using var file = GgufFile.Open(input.Path);
        RewriteResult result;
        using (var line = new ProgressLine())
            result = RewriteGguf.Write(file, target, options, new RewriteProgress(line), cancel);
        if (parsed.GetValue(_json))
            PrintJson(source, file, options, result);
        else
            Print(file, options, result);
        return ExitCode.Done;
    }

    private static void PrintJson(string source, GgufFile file, RewriteOptions options, RewriteResult result)
    {
        var (before, after, bits) = Sizes(file, result);
        Json.Write(
            new
            {
                File = source,
                result.Files,
                Type = options.Type.Name,
                options.DryRun,
                BitsPerWeight = bits,
                TensorBytesBefore = before,
                TensorBytes = after,
                Tensors = result.Tensors.Select(t => new
                {
                    t.Name,
                    From = t.From.ToString(),
                    To = t.To.ToString(),
                    t.Bytes,
                    t.RelativeError,
                }),
            }
        );
    }

    private static void Print(GgufFile file, RewriteOptions options, RewriteResult result)
    {
        var (before, after, bits) = Sizes(file, result);
        var o = Console.Out;
        o.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{string.Join(", ", result.Files)}{(options.DryRun ? " would hold" : ":")} {NumberText.Si(after, "B")} of tensors "
                    + $"instead of {NumberText.Si(before, "B")}, {bits:0.00} bits a weight"
            )
        );
        foreach (var group in result.Tensors.GroupBy(t => (t.From, t.To)).OrderByDescending(g => g.Sum(t => t.Bytes)))
        {
            var error =
                group.Key.From == group.Key.To ? "as it was"
                : options.DryRun ? "not written"
                : string.Create(CultureInfo.InvariantCulture, $"relative error up to {group.Max(t => t.RelativeError) * 100:0.000} %");
            o.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"  {group.Key.From, -6} → {group.Key.To, -6} {group.Count(), 4} tensors "
                        + $"{NumberText.Si(group.Sum(t => t.Bytes), "B"), 9}  {error}"
                )
            );
        }
    }

    // Bytes of tensors before and after, and bits a weight after.
    private static (long Before, long After, double Bits) Sizes(GgufFile file, RewriteResult result)
    {
        var elements = file.Tensors.Sum(t => t.Elements);
        var after = result.Tensors.Sum(t => t.Bytes);
        return (file.Tensors.Sum(t => t.Bytes), after, elements > 0 ? 8.0 * after / elements : 0);
    }

    private static CodeFormat? Format(ParseResult parsed, Option<string?> option) =>
        parsed.GetValue(option) is { } name ? TensorTypeRule.Format(option.Name, name) : null;

    // Decimal, as llama-gguf-split reads it.
    private static long Bytes(string? size)
    {
        if (size is null)
            return 0;
        var unit =
            size is [.., 'M' or 'm'] ? 1_000_000L
            : size is [.., 'G' or 'g'] ? 1_000_000_000L
            : 0;
        return unit > 0 && int.TryParse(size.AsSpan(..^1), NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0
            ? count * unit
            : throw new InputException($"--split-max-size {size}: give a whole number with M or G, such as 500M");
    }

    private sealed class RewriteProgress(ProgressLine line) : IProgress<double>
    {
        public void Report(double value) => line.Show("Quantise", value);
    }
}
