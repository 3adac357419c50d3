/**
 * A chat template with a thinking mode, written from what such templates do: thoughts of earlier answers are left out,
 * one after the last question stays; with the mode off an answer begins after an empty thought.
 */
export const THINKING_TEMPLATE = `
{%- macro turn(role, text) %}{{- '<|im_start|>' + role + '\\n' + text + '<|im_end|>\\n' }}{% endmacro %}
{%- set seen = namespace(question=-1) %}
{%- for message in messages[::-1] %}
    {%- if seen.question < 0 and message.role == 'user' and message.content is string %}
        {%- set seen.question = messages|length - 1 - loop.index0 %}
    {%- endif %}
{%- endfor %}
{%- for message in messages %}
    {%- if message.role != 'assistant' %}
        {{- turn(message.role, message.content) }}
    {%- else %}
        {%- set answer = message.content.split('</think>')[-1].lstrip('\\n') %}
        {%- set thought = '' %}
        {%- if '</think>' in message.content %}
            {%- set thought = message.content.split('</think>')[0].rstrip('\\n').split('<think>')[-1].lstrip('\\n') %}
        {%- endif %}
        {%- if loop.index0 > seen.question and (loop.last or thought) %}
            {{- turn('assistant', '<think>\\n' + thought.strip('\\n') + '\\n</think>\\n\\n' + answer) }}
        {%- else %}
            {{- turn('assistant', answer) }}
        {%- endif %}
    {%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- '<|im_start|>assistant\\n' }}
    {%- if enable_thinking is defined and enable_thinking is false %}
        {{- '<think>\\n\\n</think>\\n\\n' }}
    {%- endif %}
{%- endif %}`;
