# fish completion for tool
function __tool_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l answer ($words[1] __complete $words[2..-1] "$current" 2>/dev/null)
    or return
    set -l directive (string replace ':' '' -- $answer[-1])
    set -e answer[-1]
    printf '%s\n' $answer
    if test (math "floor($directive / 4) % 2") -eq 0
        set -l prefix (string match -r -- '^--[^=]+=' $current)
        set -l path (string replace -r -- '^--[^=]+=' '' $current)
        if test (math "floor($directive / 16) % 2") -eq 1
            printf "$prefix%s\n" (__fish_complete_directories "$path" '')
        else
            printf "$prefix%s\n" (__fish_complete_path "$path")
        end
    end
end
complete -c tool -f -a '(__tool_complete)'
