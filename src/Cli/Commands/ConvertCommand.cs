using System.CommandLine;
using TaalasSim.ChipModel.Units;
using TaalasSim.Cli.Options;
using TaalasSim.Cli.Terminal;
using TaalasSim.Compiler.Conversion;

namespace TaalasSim.Cli.Commands;

/// <summary><c>convert FOLDER -o FILE</c>: a Hugging Face model as a GGUF file.</summary>
internal static class ConvertCommand
{
    public static Command Create()
    {
        var folder = new Argument<string>("FOLDER")
        {
            Description = "Folder of a Hugging Face model: config.json, safetensors and tokenizer files.",
        };
        var output = new Option<string>("-o", "--output")
        {
            Description = "GGUF file to write; replaced when the new one is complete.",
            HelpName = "FILE",
            Required = true,
        };
        var type = new Option<string>("--type")
        {
            Description = "What matrices are stored as; auto is bf16 or f16, as the folder has them.",
            DefaultValueFactory = _ => "auto",
            HelpName = string.Join('|', ConvertOptions.Types),
        };
        type.AcceptOnlyFromAmong([.. ConvertOptions.Types]);
        var pre = new Option<string?>("--pre")
        {
            Description = "Name of the pre-tokenizer, where the vocabulary does not tell it.",
            HelpName = "NAME",
        };
        var json = CommonOptions.Json();
        var command = new Command(
            "convert",
            "Convert a Hugging Face model into a GGUF file, as llama.cpp does. Example: ./taalas convert my-model -o my-model.gguf --type q8_0"
        )
        {
            folder,
            output,
            type,
            pre,
            json,
        };
        command.SetAction(
            (parsed, cancel) =>
                Task.FromResult(
                    Run(
                        parsed.GetRequiredValue(folder),
                        parsed.GetRequiredValue(output),
                        new ConvertOptions { Type = parsed.GetValue(type)!, Pre = parsed.GetValue(pre) },
                        parsed.GetValue(json),
                        cancel
                    )
                )
        );
        return command;
    }

    private static int Run(string folder, string target, ConvertOptions options, bool json, CancellationToken cancel)
    {
        ConvertResult result;
        using (var line = new ProgressLine())
            result = ConvertFolder.Write(folder, target, options, line.Of("Convert"), cancel);
        if (json)
            Json.Write(result);
        else
            Print(folder, result);
        return ExitCode.Done;
    }

    private static void Print(string source, ConvertResult result)
    {
        Console.Out.WriteLine(
            $"{result.File}: {result.Architecture}, {result.Tensors} tensors, {NumberText.Si(result.Parameters, "")} parameters in {result.Type}, {NumberText.Si(result.Bytes, "B")}, pre-tokenizer {result.PreTokenizer}"
        );
        ConversionOutput.WriteNotes(source, result);
    }
}
