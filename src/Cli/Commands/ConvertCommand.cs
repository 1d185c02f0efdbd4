using System.CommandLine;
using TaalasSim.ChipModel.Units;
using TaalasSim.Cli.Options;
using TaalasSim.Cli.Terminal;
using TaalasSim.Compiler.Conversion;

namespace TaalasSim.Cli.Commands;

/// <summary><c>convert FOLDER -o FILE</c>: a Hugging Face model as a GGUF file.</summary>
internal sealed class ConvertCommand
{
    private readonly Argument<string> _folder = new("FOLDER")
    {
        Description = "Folder of a Hugging Face model: config.json, safetensors and tokenizer files.",
    };
    private readonly Option<string> _output = new OutputOption<string>("-o", "--output")
    {
        Description = "GGUF file to write; replaced when the new one is complete.",
        HelpName = "FILE",
        Required = true,
    };
    private readonly Option<string> _type = new("--type")
    {
        Description = "What matrices are stored as; auto is bf16 or f16, as the folder has them.",
        DefaultValueFactory = _ => "auto",
        HelpName = string.Join('|', ConvertOptions.Types),
    };
    private readonly Option<string?> _pre = new("--pre")
    {
        Description = "Name of the pre-tokenizer, where the vocabulary does not tell it.",
        HelpName = "NAME",
    };
    private readonly Option<bool> _json = CommonOptions.Json();

    public static Command Create()
    {
        var self = new ConvertCommand();
        self._type.AcceptOneOf([.. ConvertOptions.Types]);
        var command = new Command(
            "convert",
            "Convert a Hugging Face model into a GGUF file, as llama.cpp does. Example: ./taalas convert my-model -o my-model.gguf "
                + "--type q8_0"
        )
        {
            self._folder,
            self._output,
            self._type,
            self._pre,
            self._json,
        };
        command.SetAction((parsed, cancel) => Task.FromResult(self.Run(parsed, cancel)));
        return command;
    }

    private int Run(ParseResult parsed, CancellationToken cancel)
    {
        var options = new ConvertOptions { Type = parsed.GetValue(_type)!, Pre = parsed.GetValue(_pre) };
        var folder = parsed.GetRequiredValue(_folder);
        ConvertResult result;
        using (var line = new ProgressLine())
            result = ConvertFolder.Write(folder, parsed.GetRequiredValue(_output), options, line.Of("Convert"), cancel);
        if (parsed.GetValue(_json))
        {
            Json.Write(result);
            return ExitCode.Done;
        }

        Console.Out.WriteLine(
            $"{result.File}: {result.Architecture}, {result.Tensors} tensors, {NumberText.Si(result.Parameters, "")} parameters in "
                + $"{result.Type}, {NumberText.Si(result.Bytes, "B")}, pre-tokenizer {result.PreTokenizer}"
        );
        ConversionOutput.WriteNotes(folder, result);
        return ExitCode.Done;
    }
}
