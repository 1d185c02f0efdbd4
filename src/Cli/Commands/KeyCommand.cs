using System.CommandLine;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Signatures;
using TaalasSim.Cli.Options;
using TaalasSim.Cli.Terminal;

namespace TaalasSim.Cli.Commands;

/// <summary>Makes the pair of keys that signs chip images.</summary>
internal static class KeyCommand
{
    public static Command Create()
    {
        var output = new OutputOption<string>("-o", "--output")
        {
            Description = "Name of the two files: NAME.key stays with you, NAME.pub goes to those who run the images.",
            Required = true,
            HelpName = "NAME",
        };
        var json = CommonOptions.Json();
        var make = new Command("new", "Make a new pair of Ed25519 keys. Example: ./taalas key new -o mine") { output, json };
        make.SetAction(parsed => New(parsed.GetRequiredValue(output), parsed.GetValue(json)));
        return new Command("key", "Keys that sign chip images (compile --sign, run --trust). Example: ./taalas key new -o mine") { make };
    }

    private static int New(string name, bool json)
    {
        var (secret, open) = (name + ".key", name + ".pub");
        foreach (var path in (string[])[secret, open])
            if (Path.Exists(path))
                throw new InputException($"{path}: exists; a key is never replaced, name another one");
        var key = SigningKey.Create();
        using (var set = new OutputSet())
        {
            set.AddSecret(secret, stream => stream.Write(System.Text.Encoding.ASCII.GetBytes(key.Pem())));
            set.Add(open, stream => stream.Write(System.Text.Encoding.ASCII.GetBytes(key.Public.Pem())));
            set.Commit();
        }

        var id = Convert.ToHexStringLower(key.Public.Id);
        if (json)
            Json.Write(
                new
                {
                    Private = secret,
                    Public = open,
                    Id = id,
                }
            );
        else
            Console.Out.WriteLine($"{secret}: keep it secret; {open}: give it to those who run your images; key {id[..16]}…");
        return ExitCode.Done;
    }
}
