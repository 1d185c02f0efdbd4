using System.CommandLine;
using TaalasSim.ChipModel.Files;
using TaalasSim.Cli.Options;
using TaalasSim.Cli.Terminal;

namespace TaalasSim.Cli.Tests.Commands;

/// <summary>A command that the program does not have, written as the recipe of CONTRIBUTING.md says: the size of a file.</summary>
internal static class WeighCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "File to weigh." };
        var output = new OutputOption<string?>("--weighed") { Description = "Write the size there.", HelpName = "FILE" };
        var json = CommonOptions.Json();
        var command = new Command("weigh", "Tell the size of a file. Example: ./taalas weigh model.gguf") { file, output, json };
        command.SetAction(parsed =>
        {
            var path = parsed.GetRequiredValue(file);
            if (!File.Exists(path))
                throw new InputException($"{path}: no such file; name one that exists");
            var size = new FileInfo(path).Length;
            if (parsed.GetValue(output) is { } written)
                File.WriteAllText(written, $"{size}\n");
            if (parsed.GetValue(json))
                Json.Write(new { SizeBytes = size });
            else
                Console.Out.WriteLine($"{size} bytes");
            return ExitCode.Done;
        });
        return command;
    }
}
